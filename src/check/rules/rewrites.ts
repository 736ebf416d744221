import { RE2JS } from 're2js';
import type { Rewrite } from '../../registries/registries.ts';
import type { Check, Problem } from '../check.ts';
import { listNames } from '../people.ts';
import { isK3s } from '../../render/configureNode.ts';
import { profileFor } from '../../resolver/profile.ts';
import { isOversized } from '../../resolver/rewriteRepository.ts';

export const rewrites: Check = {
  id: 'rewrites',
  severity: 'error',
  summary: 'a `rewrite` that is no valid expression, or that the runtime of a node does not do',
  documentation:
    'Only the containerd inside k3s and RKE2 rewrites repositories; plain containerd and dockerd ask for the path as the image ' +
    'has it. For a mirror that keeps everything below one project, put the project into the endpoint instead: ' +
    '`https://harbor.example.net/v2/proxy`. Expressions are those of Go (RE2): there is no look-ahead, and k3s writes them ' +
    'into TOML as they are, so a single backslash makes it lose every mirror of that registry (`[.]` does what `\\.` was meant ' +
    'to). A replacement names a group as `$1`.',
  *run({ writtenMirrors, nodes }) {
    const written = writtenMirrors.flatMap((mirror) => mirror.rewrites);
    for (const rewrite of written) yield* expressionProblems(rewrite);
    for (const [rewrite, names] of unsupported(nodes)) {
      yield {
        message: `${listNames(names)} ${names.length === 1 ? 'does' : 'do'} not rewrite repositories: only the containerd inside k3s and RKE2 does`,
        location: rewrite.pattern.location,
        nodes: names,
        fix: { message: 'put the path that the mirror wants into the endpoint, below `/v2/`' },
      };
    }
  },
};

function* expressionProblems({ pattern, replacement }: Rewrite): Generator<Problem> {
  if (isOversized({ pattern: pattern.value, replacement: replacement.value })) {
    const message = 'this rewrite is larger than any that is evaluated here, so no pull is checked with it';
    yield { message, location: pattern.location };
    return;
  }
  try {
    RE2JS.compile(pattern.value);
  } catch {
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

function unsupported(nodes: Parameters<Check['run']>[0]['nodes']): Map<Rewrite, string[]> {
  const byRewrite = new Map<Rewrite, string[]>();
  for (const node of nodes) {
    // A runtime that nobody named may well be k3s.
    if (node.runtime.kind === 'unknown' || isK3s(profileFor(node.runtime))) continue;
    for (const rewrite of [...node.mirrors.values()].flatMap((mirror) => mirror.rewrites)) {
      const names = byRewrite.get(rewrite);
      if (names) names.push(node.name);
      else byRewrite.set(rewrite, [node.name]);
    }
  }
  return byRewrite;
}
