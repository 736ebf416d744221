import type { StartupError } from '../config/startupError.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { loadRegistries } from '../registries/load.ts';
import { noRegistries, type Registries } from '../registries/registries.ts';
import { configureNode } from '../render/configureNode.ts';
import type { Runtime } from '../resolver/runtime.ts';
import { startOfFile } from '../source/location.ts';
import { configuredAuth } from './configuredAuth.ts';
import type { NodeReading } from './nodeReading.ts';

/** What the files of a node make of its k3s or RKE2. */
export interface K3sNode extends NodeReading {
  /** What could be read of the file, also where the runtime does not start with it. */
  readonly registries: Registries;
}

/** Reads the `registries.yaml` from which k3s and RKE2 make containerd's configuration. Never throws. */
export function k3sNode(files: NodeFiles, runtime: Runtime): K3sNode {
  const path = `/etc/rancher/${runtime.kind}/registries.yaml`;
  const registries = readRegistries(path, files);
  const { mirrors, configs, problems } = registries;
  const location = startOfFile(files.nameOf(path));
  const node: ClusterNode = {
    name: '',
    location,
    taints: [],
    runtime,
    resolves: new Map(),
    mirrors,
    configs,
  };
  const syntax = problems.find(({ kind }) => kind === 'syntax');
  const startupError: StartupError | undefined = syntax && {
    error: syntax.message,
    message: `${runtime.kind} does not start: ${syntax.message}`,
    location: syntax.location,
  };
  return {
    registries,
    configuration: configureNode(node),
    configuredAuth: configuredAuth(configs),
    ...(startupError && { startupError }),
    ignored: problems.filter(({ kind }) => kind !== 'syntax'),
  };
}

function readRegistries(path: string, files: NodeFiles): Registries {
  const content = files.read(path);
  if (!content) return noRegistries;
  const name = files.nameOf(path);
  if ('text' in content) return loadRegistries(name, content.text);
  const message = `the file cannot be read: it is ${content.unreadable}`;
  return {
    ...noRegistries,
    file: name,
    problems: [{ kind: 'syntax', message, location: startOfFile(name) }],
  };
}
