import type { ClusterNode } from '../../node/clusterNode.ts';
import type { Rewrite } from '../../registries/registries.ts';
import type { Check, Problem } from '../check.ts';
import { listNames } from '../people.ts';
import { isK3s } from '../../render/configureNode.ts';
import { prefixOf } from '../../render/prefixRewrite.ts';
import { profileFor } from '../../resolver/profile.ts';
import { isOversized, isValidRewrite } from '../../resolver/rewriteRepository.ts';

export const rewrites: Check = {
  id: 'rewrites',
  severity: 'error',
  summary: 'a `rewrite` that is no valid expression, or that a node cannot be told',
  documentation:
    'Only the containerd inside k3s and RKE2 rewrites repositories; dockerd asks for the path as the image has it, and so does ' +
    'plain containerd. What puts the same path before every repository, as `"^(.*)$": "proxy/$1"`, is rendered for plain ' +
    'containerd as a path of the mirror: `https://harbor.example.net/v2/proxy`. All else cannot be told to it. Expressions are those of Go (RE2): there is no look-ahead, and k3s writes them ' +
    'into TOML as they are, so a single backslash makes it lose every mirror of that registry (`[.]` does what `\\.` was meant ' +
    'to). A replacement names a group as `$1`.',
  *run({ writtenMirrors, nodes }) {
    const written = writtenMirrors.flatMap((mirror) => mirror.rewrites);
    for (const rewrite of written) yield* expressionProblems(rewrite);
    yield* untoldProblems(nodes);
  },
};

function* expressionProblems({ pattern, replacement }: Rewrite): Generator<Problem> {
  if (isOversized({ pattern: pattern.value, replacement: replacement.value })) {
    const message = 'this rewrite is larger than any that is evaluated here, so no pull is checked with it';
    yield { message, location: pattern.location };
    return;
  }
  if (!isValidRewrite({ pattern: pattern.value, replacement: replacement.value })) {
    yield {
      message: `\`${pattern.value}\` is no Go regular expression, so k3s skips this rewrite`,
      location: pattern.location,
      fix: { message: 'Go (RE2) has no look-ahead, look-behind or back references' },
    };
    return;
  }
  if (hasLoneBackslash(pattern.value)) {
    yield {
      message:
        'k3s writes this expression into hosts.toml as it is, where the backslash makes containerd drop the whole file',
      location: pattern.location,
      fix: { message: 'write `[.]` for `\\.`, and other characters that have a meaning in brackets as well' },
    };
  }
  if (hasLoneBackslash(replacement.value)) {
    yield {
      message:
        'k3s writes this replacement into hosts.toml as it is, where the backslash makes containerd drop the whole file',
      location: replacement.location,
      fix: { message: 'name a group as `$1`' },
    };
  }
}

/** Two backslashes are one in a TOML text; one alone is an escape, and hardly any is valid. */
function hasLoneBackslash(text: string): boolean {
  return text.replaceAll('\\\\', '').includes('\\');
}

/** Rewrites that nodes do not do: one problem for each, and for each reason. */
function* untoldProblems(nodes: readonly ClusterNode[]): Generator<Problem> {
  const names = new Map<Rewrite, Map<string, string[]>>();
  for (const node of nodes) {
    for (const { rewrites } of node.mirrors.values()) {
      const reason = rewrites.length > 0 ? findReason(node, rewrites) : undefined;
      if (reason === undefined) continue;
      for (const rewrite of rewrites) {
        const byReason = names.get(rewrite) ?? new Map<string, string[]>();
        names.set(rewrite, byReason);
        const known = byReason.get(reason);
        if (known) known.push(node.name);
        else byReason.set(reason, [node.name]);
      }
    }
  }
  for (const [rewrite, byReason] of names) {
    for (const [reason, nodeNames] of byReason) {
      yield {
        message: `${listNames(nodeNames)} ${nodeNames.length === 1 ? 'does' : 'do'} not rewrite repositories: ${reason}`,
        location: rewrite.pattern.location,
        nodes: nodeNames,
        fix: { message: 'put the path that the mirror wants into the endpoint, below `/v2/`' },
      };
    }
  }
}

/** Why a node cannot be told to do what the rewrites of a mirror do; undefined where it can. */
function findReason({ runtime, configPath }: ClusterNode, rewrites: readonly Rewrite[]): string | undefined {
  const profile = profileFor(runtime);
  // A runtime that nobody named may well be k3s.
  if (runtime.kind === 'unknown' || isK3s(profile)) return undefined;
  const takesPaths = profile.runtime !== 'docker' && (profile.knowsOverridePath || configPath?.value === '');
  if (!takesPaths) return 'only the containerd inside k3s and RKE2 does';
  return prefixOf(rewrites) === undefined
    ? 'only the containerd inside k3s and RKE2 does, and this is not the same prefix for every repository, which a path could say'
    : undefined;
}
