import { child, text, type SourceDocument } from '../../source/tree.ts';
import { parseYaml } from '../../source/yaml.ts';
import { findFields } from '../customResources/fieldPath.ts';
import { createImageUse } from '../imageReader.ts';
import type { ImageUse } from '../imageUse.ts';
import { locateScalar } from '../scalarLocation.ts';

/** A file that a node is set up with, which is no Kubernetes object. */
interface NodeConfigKind {
  /** Tells by the text whether the file is worth to be parsed. */
  readonly isLikely: (source: string) => boolean;
  readonly paths: readonly string[];
}

const nodeConfigKinds: readonly NodeConfigKind[] = [
  // siderolabs/talos pkg/machinery/config/types/v1alpha1/v1alpha1_types.go
  {
    isLikely: (source) =>
      /^(?:machine|cluster):[ \t]*(?:#.*)?\r?$/m.test(source) && /^[ \t]+(?:- )?image:/m.test(source),
    paths: [
      'machine.install.image',
      'machine.install.extensions[].image',
      'machine.kubelet.image',
      'cluster.apiServer.image',
      'cluster.controllerManager.image',
      'cluster.scheduler.image',
      'cluster.proxy.image',
      'cluster.etcd.image',
      'cluster.coreDNS.image',
    ],
  },
  // k3s pkg/cli/cmds/agent.go PauseImageFlag; rke2 pkg/images/images.go
  {
    isLikely: (source) =>
      /^["']?(?:pause|runtime|etcd|kube-(?:apiserver|controller-manager|proxy|scheduler)|cloud-controller-manager)-image["']?:/m.test(
        source,
      ),
    paths: [
      'pause-image',
      'runtime-image',
      'etcd-image',
      'kube-apiserver-image',
      'kube-controller-manager-image',
      'kube-proxy-image',
      'kube-scheduler-image',
      'cloud-controller-manager-image',
    ],
  },
];

/** The images in the settings of Talos, k3s and RKE2 nodes. */
export function readNodeConfigs(
  file: string,
  source: string,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const kinds = nodeConfigKinds.filter(({ isLikely }) => isLikely(source));
  if (kinds.length === 0) return [];
  const { documents } = parseYaml(file, source);
  return documents
    .filter(({ root }) => child(root, 'kind') === undefined)
    .flatMap((document) => kinds.flatMap(({ paths }) => readPaths(document, source, paths, substitutions)));
}

function readPaths(
  document: SourceDocument,
  source: string,
  paths: readonly string[],
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const object = { apiVersion: '', kind: '', root: document.root, document, source };
  return paths.flatMap((path) =>
    findFields(document.root, path).flatMap(({ node, field }) => {
      if (node.kind !== 'scalar' || !text(node)) return [];
      const location = locateScalar(object, node);
      return [
        createImageUse(
          { text: node.text, location, confidence: 'certain', from: 'nodeConfig', field },
          substitutions,
        ),
      ];
    }),
  );
}
