import { filesInMemory, type RepositoryFiles } from '../../../src/files/repositoryFiles.ts';
import { discover } from '../../../src/discovery/discover.ts';
import { missingPullSecrets } from '../../../src/manifest/missingPullSecrets.ts';
import { buildClusterNodes } from '../../../src/node/clusterNodes.ts';
import { configureNodes } from '../../../src/nodeRoot/ownConfigs.ts';
import { findRegistries } from '../../../src/pipeline/findRegistries.ts';
import type { ClusterRendering } from '../../../src/render/clusterTarget.ts';
import { renderCluster } from '../../../src/render/renderCluster.ts';
import type { ConfiguredNode } from '../../../src/render/target.ts';

/** What is rendered for the cluster of a repository, and its nodes. */
export interface RenderedCluster extends ClusterRendering {
  readonly nodes: readonly ConfiguredNode[];
}

/** Renders the files for the cluster of a repository, and nothing else. */
export function renderClusterOf(files: RepositoryFiles): RenderedCluster {
  const { registries } = findRegistries(files, undefined);
  const { nodes } = configureNodes(buildClusterNodes(registries, files).nodes, files);
  const discovered = discover(files);
  const rendering = renderCluster(nodes, {
    namespaceHosts: discovered.uses.flatMap(({ reference }) => (reference ? [reference.domain] : [])),
    missingPullSecrets: missingPullSecrets(discovered),
  });
  return { ...rendering, nodes };
}

/** The same for a registries.yaml as plain data, and Pods with some images. */
export function renderRegistries(registries: object, images: readonly string[] = []): RenderedCluster {
  const pods = images.map((image, index) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${index}` },
      spec: { containers: [{ name: 'main', image }] },
    }),
  );
  return renderClusterOf(
    filesInMemory({ 'registries.yaml': JSON.stringify(registries), 'pods.yaml': pods.join('\n---\n') }),
  );
}

/** The text of a file that must be there. */
export function fileOf({ files }: ClusterRendering, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`${path} is not among ${[...files.keys()].join(', ')}`);
  return text;
}
