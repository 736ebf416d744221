import { groupBy } from '../../source/groupBy.ts';
import { isK3s } from '../configureNode.ts';
import type { Cluster, ClusterTarget } from '../clusterTarget.ts';
import type { ConfiguredNode } from '../target.ts';
import { listNames, visible } from './fileText.ts';
import { groupFolder } from './perGroup.ts';

/** `README.md`: which folder is for which nodes, and how to try a pull by hand in the way that the kubelet makes it. */
export const handPulls: ClusterTarget = {
  id: 'hand-pulls',
  render: (cluster) => ({
    files: new Map([['README.md', `${[...intro, ...folders(cluster), ...pulls(cluster)].join('\n')}\n`]]),
    unexpressed: [],
  }),
};

const intro = [
  '# Files for the whole cluster',
  '',
  'Written by mirrorproof from registries.yaml. Each file says at its top what to do with it, and what it cannot say.',
];

function folders(cluster: Cluster): string[] {
  const { groups, unchanged } = cluster;
  if (groups.length === 1 && unchanged.length === 0) return [];
  const rows = groups.map((group): [string, readonly ConfiguredNode[]] => [
    group.isEmpty
      ? 'no settings'
      : groupFolder(group, cluster) === ''
        ? 'this folder'
        : `\`${groupFolder(group, cluster)}\``,
    group.nodes,
  ]);
  const kept: [string, readonly ConfiguredNode[]][] =
    unchanged.length > 0 ? [['keep their own files', unchanged]] : [];
  return [
    '',
    '| nodes | files |',
    '| --- | --- |',
    ...[...rows, ...kept].map(
      ([files, nodes]) => `| ${listNames(nodes.map(({ node }) => code(node.name)))} | ${files} |`,
    ),
  ];
}

function pulls({ groups }: Cluster): string[] {
  const ways = groupBy(
    groups.flatMap(({ nodes }) => nodes),
    wayOf,
  );
  return [
    '',
    '## To try a pull on a node',
    ...[...ways].flatMap(([text, nodes]) => [
      '',
      ...(ways.size > 1 ? [`On ${listNames(nodes.map(({ node }) => code(node.name)))}:`, ''] : []),
      text,
    ]),
  ];
}

/** How pulls are tried on a node. */
function wayOf({ node, configuration: { registry, profile } }: ConfiguredNode): string {
  if (registry.form === 'docker') return shell('docker pull IMAGE');
  const program = isK3s(profile) ? `${k3sCommand(profile.runtime)}crictl` : 'crictl';
  const asKubelet = `\`crictl\` asks as the kubelet does:\n\n${shell(`${program} pull IMAGE`)}`;
  // CRI-O is not containerd: ctr and nerdctl cannot talk to it.
  if (node.runtime.kind === 'other') return asKubelet;
  if (registry.form === 'inline')
    return `${asKubelet}\n\n\`ctr\` and \`nerdctl\` do not know the mirrors of these nodes, which are in \`config.toml\`.`;
  const [path = ''] = registry.configPath.split(':');
  const folder = /^[\w./+@-]+$/.test(path) ? path : 'FOLDER';
  const socket = isK3s(profile) ? '--address /run/k3s/containerd/containerd.sock ' : '';
  return [
    asKubelet,
    '',
    '`ctr` and `nerdctl` read the mirrors only when told where they are, and no logins. They want the full name of an image:',
    '',
    shell(
      `ctr ${socket}--namespace k8s.io images pull --hosts-dir ${folder} IMAGE`,
      `nerdctl ${socket}--namespace k8s.io --hosts-dir ${folder} pull IMAGE`,
    ),
  ].join('\n');
}

/** RKE2 has no command of that kind: its programs are in a folder of their own. */
function k3sCommand(runtime: string): string {
  return runtime === 'k3s'
    ? 'k3s '
    : 'CRI_CONFIG_FILE=/var/lib/rancher/rke2/agent/etc/crictl.yaml /var/lib/rancher/rke2/bin/';
}

function shell(...lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

/** A name in a table of Markdown. */
function code(name: string): string {
  const shown = visible(name.replaceAll('\n', ' ')).replaceAll(/[`|\\<]/g, '?');
  return `\`${shown.length > 80 ? `${shown.slice(0, 80)}...` : shown}\``;
}
