import { entries, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Kustomizations } from './includes.ts';
import { scalarsOf, type Kustomization } from './kustomization.ts';

/** Fields whose paths are followed or stood in for elsewhere, where they are written like this. */
const followedKeys: ReadonlySet<string> = new Set([
  'resources',
  'bases',
  'components',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
]);

/** Fields of which kustomize would fetch a path; it reads the names of fields in capitals too, as all of Go's JSON does. */
const loadingKeys =
  /^(?:resources|bases|components|patches|patchesStrategicMerge|patchesJson6902|configMapGenerator|secretGenerator|generators|transformers|validators|configurations|crds|openapi|replacements|<<)$/iu;

/**
 * True where kustomize would be told to fetch something that no dummy can stand for. Where no network namespace can be had, nothing
 * else keeps it from the services of this very machine.
 */
// golang.org/x/net/http/httpproxy useProxy: no proxy is asked for localhost
export function fetchesFiles({ root, folder, source }: Kustomization, { resolve }: Kustomizations): boolean {
  return entries(root).some(({ key, value }) => {
    if (!loadingKeys.test(key.text)) return false;
    if (followedKeys.has(key.text)) return hasHiddenPath(value);
    if (namesUrl(value) || hasTag.test(source.text)) return true;
    if (!/^(?:generators|transformers|validators)$/iu.test(key.text)) return false;
    return [...scalarsOf(value)].some(({ scalar }) => {
      const include = scalar.text.includes('\n') ? undefined : resolve(folder, scalar.text);
      return include?.kind === 'file' && yamlNamesUrl(include.text);
    });
  });
}

/** A path of a patch that only kustomize takes for one. */
function hasHiddenPath(patches: TreeNode): boolean {
  return [...scalarsOf(patches)].some(
    ({ path }) => /^path$/iu.test(path.at(-1) ?? '') && !(path.length === 2 && path[1] === 'path'),
  );
}

/** A tag of YAML: `!!binary` hides what a text says. Nobody needs one there. */
const hasTag = /(?:^|[\s[{,])![!<\w%]/;

/** Texts within texts; more than anybody writes. */
const maxDepth = 5;

function namesUrl(node: TreeNode, depth = 0): boolean {
  for (const { scalar, path } of scalarsOf(node)) {
    // The only values of a generator that are no paths.
    if (path.includes('literals')) continue;
    if (/https?:\/\//i.test(scalar.text)) return true;
    // A text of its own can write the same with escapes, or encoded.
    if (/[\\!]/.test(scalar.text) && (depth >= maxDepth || yamlNamesUrl(scalar.text, depth + 1))) return true;
  }
  return false;
}

function yamlNamesUrl(text: string, depth = 0): boolean {
  return hasTag.test(text) || parseYaml('', text).documents.some(({ root }) => namesUrl(root, depth));
}
