import type { NodeFiles } from '../files/nodeFiles.ts';
import { profileFor } from '../resolver/profile.ts';
import type { Runtime } from '../resolver/runtime.ts';
import type { Located } from '../source/location.ts';
import { containerdNode } from './containerdNode.ts';
import { dockerNode } from './dockerNode.ts';
import { readEtcHosts } from './etcHosts.ts';
import { k3sNode } from './k3sNode.ts';
import type { NodeReading } from './nodeReading.ts';

/** A node as its own files describe it. */
export interface NodeRoot extends NodeReading {
  /** What `/etc/hostname` says; absent where there is none. */
  readonly name?: string;
  /** The names that `/etc/hosts` resolves, with their address. */
  readonly resolves: ReadonlyMap<string, Located<string>>;
}

/** Reads the files of a node as its runtime does; one that is not known is taken for the newest containerd. Never throws. */
export function readNodeRoot(files: NodeFiles, runtime: Runtime): NodeRoot {
  const name = readHostname(files);
  return {
    ...readRuntime(files, runtime),
    ...(name !== undefined && { name }),
    resolves: readEtcHosts(files),
  };
}

function readRuntime(files: NodeFiles, runtime: Runtime): NodeReading {
  if (runtime.kind === 'docker') return dockerNode(files, profileFor(runtime));
  if (runtime.kind === 'k3s' || runtime.kind === 'rke2') return k3sNode(files, runtime);
  return containerdNode(files, profileFor(runtime));
}

/** The name in `/etc/hostname`; undefined where there is none. */
export function readHostname(files: NodeFiles): string | undefined {
  const content = files.read('/etc/hostname');
  const [name] = content && 'text' in content ? (/^[A-Za-z0-9][\w.-]{0,252}$/m.exec(content.text) ?? []) : [];
  return name;
}
