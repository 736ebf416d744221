import {
  child,
  descend,
  entries,
  items,
  locatedText,
  text,
  type SourceDocument,
  type TreeNode,
} from '../source/tree.ts';
import type { Located } from '../source/location.ts';
import type { Taint } from './clusterNode.ts';

/** What a saved `kubectl get nodes -o yaml` tells of one node. */
export interface InventoryNode {
  readonly name: Located<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly architecture?: string;
  /** `status.nodeInfo.containerRuntimeVersion`, as `containerd://1.6.20`. */
  readonly runtime?: Located<string>;
}

/** The nodes in the documents of an inventory: a `List` as kubectl prints it, or Node objects one by one. */
export function readInventory(documents: readonly SourceDocument[]): InventoryNode[] {
  return documents.flatMap((document) =>
    nodeObjects(document.root).flatMap((node) => readNode(document, node) ?? []),
  );
}

function nodeObjects(root: TreeNode): readonly TreeNode[] {
  if (text(child(root, 'kind')) === 'Node') return [root];
  return items(child(root, 'items')).filter((item) => (text(child(item, 'kind')) ?? 'Node') === 'Node');
}

function readNode(document: SourceDocument, node: TreeNode): InventoryNode | undefined {
  const name = locatedText(document, descend(node, 'metadata', 'name'));
  if (!name) return undefined;
  const runtime = locatedText(document, descend(node, 'status', 'nodeInfo', 'containerRuntimeVersion'));
  const labels = entries(descend(node, 'metadata', 'labels')).map(
    ({ key, value }) => [key.text, text(value) ?? ''] as const,
  );
  const architecture = text(descend(node, 'status', 'nodeInfo', 'architecture'));
  return {
    name,
    labels: Object.fromEntries(labels),
    taints: items(descend(node, 'spec', 'taints')).map((taint) => ({
      key: text(child(taint, 'key')) ?? '',
      value: text(child(taint, 'value')) ?? '',
      effect: text(child(taint, 'effect')) ?? '',
    })),
    ...(architecture !== undefined && { architecture }),
    ...(runtime && { runtime }),
  };
}
