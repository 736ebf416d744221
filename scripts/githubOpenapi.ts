/**
 * Writes `test/support/githubOpenapi.json`: the operations of GitHub's REST API that mirrorproof calls, cut out of GitHub's
 * published OpenAPI description, so that the tests' GitHub double can judge each request. The package with the description
 * has 400 MB, so it is installed into a temporary folder and removed again.
 *
 *     node scripts/githubOpenapi.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const version = '23.0.2';
const operations = [{ method: 'get', path: '/repos/{owner}/{repo}/pulls/{pull_number}/files' }] as const;
/** Keywords that say nothing about whether a value is valid. */
const annotations = new Set(['description', 'example', 'examples', 'title', 'externalDocs', 'summary']);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function withoutAnnotations(value: Json, parent = ''): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutAnnotations(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => parent === 'properties' || !annotations.has(key));
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutAnnotations(child, key)]));
}

function descend(value: Json | undefined, ...path: readonly string[]): Json {
  let current = value;
  for (const key of path) {
    current = typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined;
  }
  if (current === undefined) throw new Error(`The description has no ${path.join(' > ')}`);
  return current;
}

function cutOut(description: Json, method: string, path: string): Json {
  const operation = descend(description, 'paths', path, method);
  return {
    method: method.toUpperCase(),
    path,
    parameters: withoutAnnotations(descend(operation, 'parameters')),
    response: withoutAnnotations(
      descend(operation, 'responses', '200', 'content', 'application/json', 'schema'),
    ),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
try {
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', '--no-save', '--prefix', folder, `@octokit/openapi@${version}`],
    {
      stdio: 'inherit',
    },
  );
  const file = join(folder, 'node_modules/@octokit/openapi/generated/api.github.com.deref.json');
  const description: Json = JSON.parse(readFileSync(file, 'utf8'));
  const excerpt = {
    source: `@octokit/openapi ${version} (MIT), cut out by scripts/githubOpenapi.ts`,
    operations: operations.map(({ method, path }) => cutOut(description, method, path)),
  };
  const target = join(import.meta.dirname, '../test/support/githubOpenapi.json');
  writeFileSync(target, `${JSON.stringify(excerpt, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
