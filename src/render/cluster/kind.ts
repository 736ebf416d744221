import { renderHostsToml } from '../../hosts/renderHostsToml.ts';
import type { ClusterNode } from '../../node/clusterNode.ts';
import { unknownRuntime } from '../../resolver/runtime.ts';
import type { Location } from '../../source/location.ts';
import { configureNode } from '../configureNode.ts';
import type { Cluster, ClusterTarget, Unexpressed } from '../clusterTarget.ts';
import type { ConfiguredNode } from '../target.ts';
import { block, fileText, fillLines, listNames, tomlText, yamlText } from './fileText.ts';
import { sharedLabels } from './kindLabels.ts';
import { placeholdersOf, type Login } from './login.ts';
import type { NodeGroup } from './nodeGroups.ts';
import type { Route } from './route.ts';
import { unexpressedRewrites } from './unexpressedRewrites.ts';

const id = 'kind';

/** Nodes of kind are containers with a kubelet each: more of them are more than a machine can take. */
const maxGroups = 8;

/** Where the containerd of kind's node images looks for hosts directories. */
const configPath = '/etc/containerd/certs.d';

/** A kind cluster with one node for each distinct configuration: pulls differ by configuration, and by nothing else. */
// kind pkg/apis/config/v1alpha4/types.go
export const kind: ClusterTarget = {
  id,
  render: (cluster) => {
    const groups = cluster.groups.slice(0, maxGroups);
    const logins = firstOfEachHost(groups);
    const unexpressed = unexpressedBy(cluster, groups, logins);
    const document = {
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: kindNodes(groups).map(nodeEntry),
      containerdConfigPatches: [block(containerdPatch(logins))],
    };
    const heading = { lines: headingLines(groups, logins), missing: unexpressed.map(({ what }) => what) };
    const files: [string, string][] = [['kind.yaml', fileText(heading, yamlText(document))]];
    return { files: new Map([...files, ...groups.flatMap(hostsFilesOf)]), unexpressed };
  },
};

function headingLines(groups: readonly NodeGroup[], logins: readonly Login[]): string[] {
  const placeholders = placeholdersOf(logins);
  const files = groups.flatMap(({ routes }) =>
    routes.flatMap(({ asked, upstream }) => [...asked, ...(upstream ? [upstream] : [])]),
  );
  const paths = files.flatMap(({ tls }) =>
    [tls?.caFile, tls?.certFile, tls?.keyFile].flatMap((path) => (path ? [path.value] : [])),
  );
  return [
    'A kind cluster that pulls as the nodes do, written by mirrorproof from registries.yaml. In this folder:',
    `  kind create cluster --config ${placeholders.length > 0 ? 'kind.filled.yaml' : 'kind.yaml'}`,
    ...fillLines('kind.yaml', placeholders),
    ...(groups.length > 1 ? kindNodes(groups).map(standsFor) : []),
    ...(groups.some(({ nodes }) => nodes.some(({ node }) => node.labels))
      ? [
          'Its nodes have the labels that all nodes of a configuration share, but for those of Kubernetes itself.',
        ]
      : []),
    ...[...new Set(paths)].map((path) => `Its nodes need ${path}: add an extraMount for it to each.`),
  ];
}

interface KindNode {
  readonly role: 'control-plane' | 'worker';
  /** As kind calls it, behind the name of the cluster. */
  readonly name: string;
  readonly group: NodeGroup;
}

/**
 * The Kubernetes control plane has the configuration of a real one where labels tell which that is. kind lets no Pod run on it
 * as soon as there are other nodes, so that every configuration of a node for Pods is one of those.
 */
// kind pkg/cluster/internal/providers/common/namer.go MakeNodeNamer
function kindNodes(groups: readonly NodeGroup[]): KindNode[] {
  const controlPlane = groups.find(({ nodes }) => nodes.some(isControlPlane)) ?? groups[0];
  if (!controlPlane) return [];
  const workers = groups.filter(({ nodes }) => groups.length > 1 && !nodes.every(isControlPlane));
  return [
    { role: 'control-plane', name: 'control-plane', group: controlPlane },
    ...workers.map((group, index) => ({
      role: 'worker' as const,
      name: index === 0 ? 'worker' : `worker${index + 1}`,
      group,
    })),
  ];
}

function standsFor({ name, group: { nodes } }: KindNode): string {
  return `The node ${name} has the configuration of ${listNames(nodes.map(({ node }) => node.name))}.`;
}

function isControlPlane({ node: { labels } }: ConfiguredNode): boolean {
  return ['control-plane', 'master'].some(
    (role) => labels && Object.hasOwn(labels, `node-role.kubernetes.io/${role}`),
  );
}

function nodeEntry({ role, group }: KindNode): object {
  const labels = sharedLabels(group.nodes);
  const hasHosts = hostsFilesOf(group).length > 0;
  const mount = { hostPath: `./kind/${group.name}${configPath}`, containerPath: configPath, readOnly: true };
  return {
    role,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(hasHosts && { extraMounts: [mount] }),
  };
}

/**
 * The hosts directories as a plain containerd with the default folder has them, whatever the real nodes have. Artifacts of
 * GitHub hold no file with a colon in its path: folders for IPv6 addresses are left out.
 */
function hostsFilesOf({ name, nodes: [first] }: NodeGroup): [string, string][] {
  if (!first) return [];
  const { configPath: _, containerdConfig: __, ...rest } = first.node;
  const { registry } = configureNode({ ...rest, runtime: unknownRuntime });
  const roots = registry.form === 'hosts-directory' ? registry.roots : [];
  return roots.flatMap(({ path, directories }) =>
    [...directories].flatMap(([host, directory]): [string, string][] =>
      directory.kind === 'hosts-file' && !host.includes(':')
        ? [[`kind/${name}${path}/${host}/hosts.toml`, renderHostsToml(directory.hostsFile)]]
        : [],
    ),
  );
}

/**
 * One folder, because the transfer service of containerd 2.1 and later splits no list of them. Patches are merged into a config
 * of version 2, which every node image has so far.
 */
// kind images/base/files/etc/containerd/config.toml, pkg/internal/patch/toml.go ContainerdTOML
function containerdPatch(logins: readonly Login[]): string {
  const configs = logins.map(({ host, auth: { identityToken, ...auth } }): [string, object] => [
    host,
    { auth: { ...auth, ...(identityToken !== undefined && { identitytoken: identityToken }) } },
  ]);
  const registry = {
    config_path: configPath,
    ...(configs.length > 0 && { configs: Object.fromEntries(configs) }),
  };
  return tomlText({ plugins: { 'io.containerd.grpc.v1.cri': { registry } } });
}

function firstOfEachHost(groups: readonly NodeGroup[]): Login[] {
  const logins = groups.flatMap((group) => group.logins).toReversed();
  return [...new Map(logins.map((login) => [login.host, login])).values()].toReversed();
}

function unexpressedBy(
  { groups: all }: Cluster,
  groups: readonly NodeGroup[],
  logins: readonly Login[],
): Unexpressed[] {
  const routes = groups.flatMap((group) => group.routes);
  const nodes = groups.flatMap((group) => group.nodes.map(({ node }) => node));
  const leftOut = all.slice(maxGroups).flatMap((group) => group.nodes.map(({ node }) => node));
  const tainted = nodes.filter(({ taints }) => taints.length > 0);
  return [
    ...unexpressedRewrites(id, 'the containerd of kind', routes),
    ...otherLogins(groups, logins),
    ...resolvedNames(nodes),
    ...routes.filter(({ namespaceHost }) => namespaceHost.startsWith('[')).map(unexpressedFolder),
    ...tainted.slice(0, 1).map((first) => lost(`the taints of ${namesOf(tainted)}`, first.location)),
    ...leftOut
      .slice(0, 1)
      .map((first) =>
        lost(
          `${namesOf(leftOut)}: only the first ${maxGroups} configurations have a node here`,
          first.location,
        ),
      ),
  ];
}

function lost(what: string, location: Location | undefined): Unexpressed {
  return { target: id, what, location };
}

function namesOf(nodes: readonly ClusterNode[]): string {
  return listNames(nodes.map(({ name }) => name));
}

function otherLogins(groups: readonly NodeGroup[], logins: readonly Login[]): Unexpressed[] {
  return groups
    .flatMap((group) => group.logins)
    .filter(({ host, auth }) =>
      logins.some((login) => login.host === host && JSON.stringify(login.auth) !== JSON.stringify(auth)),
    )
    .map(({ host, location }) =>
      lost(`the other logins for ${host}: kind patches the containerd of all nodes alike`, location),
    );
}

function resolvedNames(nodes: readonly ClusterNode[]): Unexpressed[] {
  const names = new Map(nodes.flatMap(({ resolves }) => [...resolves]));
  return [...names].map(([name, { value, location }]) =>
    lost(`the name ${name} for ${value}: add it to /etc/hosts of each node`, location),
  );
}

function unexpressedFolder({ namespaceHost, location }: Route): Unexpressed {
  const what = `the settings for ${namespaceHost}: its folder cannot be kept in an artifact; make it below ${configPath} of each node`;
  return lost(what, location);
}
