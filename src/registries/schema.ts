import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../schema/registries.schema.json' with { type: 'json' };
import type { Fix } from '../source/fix.ts';
import { suggest } from '../source/suggest.ts';
import {
  child,
  entries,
  toData,
  type MappingEntry,
  type MappingNode,
  type SourceDocument,
  type TreeNode,
} from '../source/tree.ts';
import type { RegistriesProblem } from './registries.ts';

/** Where a key belongs that often stands somewhere else. */
const homes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mirrors: '`mirrors` belongs at the top level of the file',
    configs: '`configs` belongs at the top level of the file',
    nodes: '`nodes` belongs at the top level of the file',
    images: '`images` belongs at the top level of the file',
    imagePaths: '`imagePaths` belongs at the top level of the file',
    checks: '`checks` belongs at the top level of the file',
    endpoint: '`endpoint` belongs under `mirrors.<host>`',
    rewrite: '`rewrite` belongs under `mirrors.<host>`',
    auth: '`auth` belongs under `configs.<host of the endpoint>`',
    tls: '`tls` belongs under `configs.<host of the endpoint>`',
    username: '`username` belongs under `configs.<host>.auth`',
    password: '`password` belongs under `configs.<host>.auth`',
    identity_token: '`identity_token` belongs under `configs.<host>.auth`',
    ca_file: '`ca_file` belongs under `configs.<host>.tls`',
    cert_file: '`cert_file` belongs under `configs.<host>.tls`',
    key_file: '`key_file` belongs under `configs.<host>.tls`',
    insecure_skip_verify: '`insecure_skip_verify` belongs under `configs.<host>.tls`',
    auths: '`auths` is deprecated: write `configs.<host>.auth`',
    config_path:
      "`config_path` is a key of containerd's config.toml: here it is `configPath` of an entry of `nodes`",
  }),
);

/** Compiled when the first registries.yaml is read, and once. That the schema itself is valid is for a test to say. */
let compiled: ValidateFunction | undefined;
function compileSchema(): ValidateFunction {
  const options = {
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    meta: false,
    validateSchema: false,
  };
  compiled ??= new Ajv2020(options).compile(schema);
  return compiled;
}

/** Compares registries.yaml with its JSON Schema; each error is said in words, at its place. */
export function validateRegistries(document: SourceDocument): RegistriesProblem[] {
  const tree = new IndexedTree(document);
  const misplaced = misplacedSections(document);
  const validate = compileSchema();
  validate(toData(document.root));
  const problems = (validate.errors ?? [])
    .filter(
      (error) =>
        !isAlternative(error) && !misplaced.paths.some((path) => error.instancePath.startsWith(path)),
    )
    .map((error) => describe(tree, error));
  return [...misplaced.problems, ...duplicateKeys(document), ...problems];
}

/** An error of one of several alternatives, which the error of all of them says better. */
function isAlternative({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'if' || /\/anyOf\/\d+\/required$/.test(schemaPath);
}

/** `configs` or `mirrors` one level too deep reads as a registry host of that name, so the schema cannot say it well. */
function misplacedSections(document: SourceDocument): { problems: RegistriesProblem[]; paths: string[] } {
  const problems: RegistriesProblem[] = [];
  const paths: string[] = [];
  for (const section of ['mirrors', 'configs']) {
    for (const { key } of entries(child(document.root, section))) {
      if (key.text !== 'mirrors' && key.text !== 'configs' && key.text !== 'auths') continue;
      paths.push(`/${section}/${key.text}`);
      problems.push({
        kind: 'unknown-key',
        message: `\`${key.text}\` stands under \`${section}\` and is read as a registry host of that name, so nothing below it counts`,
        location: document.locate(key),
        fix: { message: `${homes.get(key.text)}: give it the same indentation as \`${section}\`` },
      });
    }
  }
  return { problems, paths };
}

function duplicateKeys(document: SourceDocument): RegistriesProblem[] {
  return [...mappings(document.root)].flatMap((mapping) => {
    const first = new Map<string, MappingEntry>();
    return mapping.entries.flatMap((entry): RegistriesProblem[] => {
      const earlier = first.get(entry.key.text);
      if (!earlier) {
        first.set(entry.key.text, entry);
        return [];
      }
      const { line } = document.locate(earlier.key).start;
      return [
        {
          kind: 'duplicate-key',
          message: `\`${entry.key.text}\` stands on line ${line} already: some readers merge the two, others keep only the last`,
          location: document.locate(entry.key),
          fix: { message: `put both under the \`${entry.key.text}\` of line ${line}` },
        },
      ];
    });
  });
}

/** Every mapping of a tree once, however many aliases lead to it. */
function mappings(root: TreeNode): ReadonlySet<MappingNode> {
  const found = new Set<MappingNode>();
  const open: TreeNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'sequence') for (const item of node.items) open.push(item);
    if (node.kind !== 'mapping' || found.has(node)) continue;
    found.add(node);
    for (const { value } of node.entries) open.push(value);
  }
  return found;
}

/** A document in which entries are found by their key at once: there may be as many mistakes as there are entries. */
class IndexedTree {
  readonly document: SourceDocument;
  readonly #byMapping = new Map<TreeNode, ReadonlyMap<string, MappingEntry>>();

  constructor(document: SourceDocument) {
    this.document = document;
  }

  entryOf(mapping: TreeNode, key: string): MappingEntry | undefined {
    const known = this.#byMapping.get(mapping);
    const byKey = known ?? new Map(entries(mapping).map((entry) => [entry.key.text, entry]));
    if (!known) this.#byMapping.set(mapping, byKey);
    return byKey.get(key);
  }

  /** The node at the end of a path, or the last one on the way that is there. */
  nodeAt(path: readonly string[]): TreeNode {
    let node = this.document.root;
    for (const part of path) {
      const next = node.kind === 'sequence' ? node.items[Number(part)] : this.entryOf(node, part)?.value;
      node = next ?? node;
    }
    return node;
  }
}

function describe(tree: IndexedTree, error: ErrorObject): RegistriesProblem {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const at = tree.nodeAt(path);
  const name = path.at(-1) ?? 'registries.yaml';
  if (error.keyword === 'additionalProperties') {
    return describeUnknownKey(tree, at, path, String(error.params['additionalProperty']), error);
  }
  const { message, fix } = describeValue(
    error,
    Number.isInteger(Number(name)) ? (path.at(-2) ?? name) : name,
  );
  return { kind: 'wrong-value', message, location: tree.document.locate(at), ...(fix && { fix }) };
}

function describeUnknownKey(
  tree: IndexedTree,
  parent: TreeNode,
  path: readonly string[],
  key: string,
  error: ErrorObject,
): RegistriesProblem {
  const location = tree.document.locate(tree.entryOf(parent, key)?.key ?? parent);
  const near = suggest(key, Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {}));
  const home = homes.get(key);
  const message = `\`${key}\` is no key of ${parentName(path)}, and k3s ignores it without a word`;
  if (home) return { kind: 'unknown-key', message, location, fix: { message: home } };
  if (!near) return { kind: 'unknown-key', message, location };
  const fix: Fix = { message: `did you mean \`${near}\`?`, edit: { location, replacement: near } };
  return { kind: 'unknown-key', message, location, fix };
}

function parentName(path: readonly string[]): string {
  const last = path.at(-1);
  if (path.length === 0) return 'registries.yaml';
  if (last === 'auth' || last === 'tls') return `\`${last}\``;
  const section = path.at(-2);
  if (section === 'mirrors') return `the mirror \`${last}\``;
  if (section === 'configs') return `the entry \`${last}\` of \`configs\``;
  if (section === 'nodes') return 'an entry of `nodes`';
  if (section === 'ignore') return 'an entry of `ignore`';
  if (section === 'imagePaths') return 'an entry of `imagePaths`';
  return `\`${last}\``;
}

function describeValue(error: ErrorObject, name: string): { message: string; fix?: Fix } {
  switch (error.keyword) {
    case 'type':
      return { message: `\`${name}\` must be ${typeNames(error.params['type'] as string | string[])}` };
    case 'enum':
      return { message: `\`${name}\` must be one of error, warning, notice and off` };
    case 'anyOf':
      return { message: 'this entry is for no node: say which ones with `from`, `match` or `name`' };
    case 'required':
      return { message: describeMissing(String(error.params['missingProperty'])) };
    default:
      return { message: `\`${name}\` must not be empty` };
  }
}

function describeMissing(key: string): string {
  const purpose =
    key === 'reason' ? 'why the finding is left alone' : 'which field of which objects is an image';
  return `\`${key}\` is missing here: say ${purpose}`;
}

function typeNames(types: string | string[]): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping (`key: value` lines below it)',
    array: 'a list (lines that begin with `- `, or [ ])',
    string: 'text (in quotes where it looks like something else)',
    boolean: 'true or false',
  };
  const named = [types].flat().flatMap((type) => names[type] ?? []);
  return named.join(' or ');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
