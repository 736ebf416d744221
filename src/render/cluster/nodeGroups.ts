import type { ClusterNode } from '../../node/clusterNode.ts';
import type { Mirror, RegistryConfig } from '../../registries/registries.ts';
import { groupBy } from '../../source/groupBy.ts';
import type { Located } from '../../source/location.ts';
import { configuredMirrors } from '../configuredMirror.ts';
import { safeSegment } from '../safePath.ts';
import type { ConfiguredNode } from '../target.ts';
import { loginsOf, type Login } from './login.ts';
import { isNeeded, routeOf, type Route } from './route.ts';

/** Nodes whose registries are configured alike, whatever their runtime is. */
export interface NodeGroup {
  /** Name of the first node as a path segment: what folders of the group are called. */
  readonly name: string;
  readonly nodes: readonly ConfiguredNode[];
  readonly routes: readonly Route[];
  readonly logins: readonly Login[];
  /** True when nothing is configured, so that every image comes from its own registry. */
  readonly isEmpty: boolean;
}

/** Groups nodes by what registries.yaml says for them, in the order in which the groups first appear. */
export function groupNodes(nodes: readonly ConfiguredNode[]): NodeGroup[] {
  const keys = new Keys();
  const alike = groupBy(nodes, ({ node }) => keys.of(node));
  return [...alike.values()].map((members) => makeGroup(members[0].node, members));
}

function makeGroup({ name, mirrors, configs }: ClusterNode, nodes: readonly ConfiguredNode[]): NodeGroup {
  const routes = configuredMirrors(mirrors, configs)
    .map((mirror) => {
      const { namespaceHost, host } = {
        ...configs.get(mirror.namespaceHost),
        ...mirrors.get(mirror.namespaceHost),
      };
      return routeOf(mirror, configs, (namespaceHost ?? host)?.location);
    })
    .filter(isNeeded);
  const logins = loginsOf(configs);
  return {
    name: safeSegment(name),
    nodes,
    routes,
    logins,
    isEmpty: routes.length === 0 && logins.length === 0,
  };
}

/** Texts that are equal for nodes that are configured alike. Nodes mostly share their maps, so each is written once. */
class Keys {
  readonly #byMap = new Map<object, string>();

  of({ mirrors, configs }: ClusterNode): string {
    return `${this.#keyOf(mirrors, mirrorKey)} ${this.#keyOf(configs, configKey)}`;
  }

  #keyOf<T>(map: ReadonlyMap<string, T>, valueKey: (value: T) => unknown): string {
    const known = this.#byMap.get(map);
    if (known !== undefined) return known;
    const key = JSON.stringify([...map].map(([host, value]) => [host, valueKey(value)]));
    this.#byMap.set(map, key);
    return key;
  }
}

function mirrorKey({ endpoints, rewrites }: Mirror): unknown {
  return [
    endpoints.map(({ value }) => value),
    rewrites.map(({ pattern, replacement }) => [pattern.value, replacement.value]),
  ];
}

function configKey({ auth, tls }: RegistryConfig): unknown {
  return [values(auth), values(tls)];
}

function values(settings: object | undefined): unknown {
  const entries: [string, Located<unknown>][] = Object.entries(settings ?? {});
  return entries.map(([key, { value }]) => [key, value]);
}
