import { testRoutes } from '../support/testNetwork.ts';
import { dirname } from 'node:path';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { debianContainerd, type ContainerdLine } from '../support/debianPackages.ts';
import { startNode } from '../../src/proof/containerd/namespace.ts';
import type { NodeAnswer, NodeRequest } from './applyNode.ts';

/** A simulated node with a real containerd, on which rendered files are applied. */
export interface ApplyRig {
  /** Of containerd, as `1.6.20`. */
  readonly version: string;
  call(request: NodeRequest): Promise<NodeAnswer>;
  /** Runs apply.sh of the only folder that is rendered from these files of a repository. */
  apply(
    repository: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<NodeAnswer>;
  /** What `containerd config dump` prints. */
  dump(): Promise<NodeAnswer>;
  /** How often containerd was restarted. */
  restarts(): Promise<number>;
  close(): Promise<void>;
}

export async function openApplyRig(line: ContainerdLine): Promise<ApplyRig> {
  const containerd = (await debianContainerd([line])).get(line);
  if (!containerd) throw new Error(`there is no containerd ${line}`);
  const node = await startNode({
    module: `${import.meta.dirname}/applyNode.ts`,
    programs: dirname(containerd.path),
    routes: testRoutes,
  });
  const call = async (request: NodeRequest): Promise<NodeAnswer> => readAnswer(await node.call(request));
  return {
    version: containerd.version,
    call,
    apply: (repository, environment = {}) =>
      call({
        write: { '/copied': null, ...copied(repository) },
        run: ['sh', '/copied/apply.sh'],
        environment: { RESTART: '/restart', WAIT: '5', ...environment },
      }),
    dump: () => call({ run: ['containerd', 'config', 'dump'] }),
    restarts: async () => {
      const { files } = await call({ read: ['/restarts'] });
      return (files['/restarts'] ?? '').split('\n').length - 1;
    },
    close: () => node.stop(),
  };
}

/** The only folder that is rendered from these files of a repository. */
export function renderedFolder(repository: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const { rendered } = analyse(filesInMemory(repository), { substitutions: new Map() }).report;
  const paths = [...rendered].filter(([path]) => path.startsWith('nodes/'));
  const folders = new Set(paths.map(([path]) => path.split('/')[1]));
  if (folders.size !== 1) throw new Error(`rendered are the folders ${[...folders].join(', ')}`);
  return new Map(paths.map(([path, text]) => [path.split('/').slice(2).join('/'), text]));
}

function copied(repository: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries([...renderedFolder(repository)].map(([path, text]) => [`/copied/${path}`, text]));
}

function readAnswer(message: unknown): NodeAnswer {
  const { result, failure } = message as { result?: NodeAnswer; failure?: string };
  if (!result) throw new Error(failure);
  return result;
}
