import type { Severity } from '../source/severity.ts';
import {
  child,
  entries,
  items,
  locatedText,
  text,
  type MappingEntry,
  type SourceDocument,
  type TreeNode,
} from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import {
  noRegistries,
  type CheckSettings,
  type IgnoreEntry,
  type ImagePathEntry,
  type Mirror,
  type Mirrors,
  type NodeEntry,
  type NodeSelection,
  type Registries,
  type RegistriesProblem,
  type RegistryConfig,
  type RegistryConfigs,
} from './registries.ts';
import { locatedKey, readAuth, readTls } from './hostSettings.ts';
import { validateRegistries } from './schema.ts';

/** Reads the text of a registries.yaml. What is wrong with it is in `problems`; all that can be understood is there as well. */
export function loadRegistries(file: string, source: string): Registries {
  // k3s reads the file with a YAML 1.1 parser: `yes` is a boolean there.
  const { documents, problems } = parseYaml(file, source, '1.1');
  const [document, ...others] = documents;
  const syntax = problems.map((problem): RegistriesProblem => ({
    kind: 'syntax',
    ...explainTemplate(problem, source),
  }));
  const ignored = others.map((other): RegistriesProblem => ({
    kind: 'wrong-value',
    message: 'only the first YAML document of registries.yaml is read',
    location: other.locate(other.root),
  }));
  if (!document) return { ...noRegistries, file, problems: syntax };
  return {
    ...readRegistries(document),
    file,
    problems: [...syntax, ...ignored, ...validateRegistries(document)],
  };
}

function explainTemplate<T extends { message: string }>(problem: T, source: string): T {
  if (!/\{[{%]/.test(source)) return { ...problem, message: `this is no valid YAML: ${problem.message}` };
  return {
    ...problem,
    message: `this is a template and no valid YAML: have it filled in first (${problem.message})`,
  };
}

function readRegistries(document: SourceDocument): Omit<Registries, 'file' | 'problems'> {
  const { root } = document;
  return {
    mirrors: readMirrors(document, root),
    configs: readConfigs(document, root),
    nodes: items(child(root, 'nodes')).flatMap((node) => readNode(document, node) ?? []),
    images: items(child(root, 'images')).flatMap((image) => locatedText(document, image) ?? []),
    imagePaths: items(child(root, 'imagePaths')).flatMap(readImagePath),
    checks: new Map(
      entries(child(root, 'checks')).map((entry) => [entry.key.text, readCheck(document, entry)]),
    ),
  };
}

/** The entries of every section of this name: k3s' YAML reader merges sections that stand twice. */
function sectionEntries(parent: TreeNode, section: string): readonly MappingEntry[] {
  return entries(parent)
    .filter((entry) => entry.key.text === section)
    .flatMap((entry) => entries(entry.value));
}

function readMirrors(document: SourceDocument, parent: TreeNode): Mirrors {
  const mirrors = sectionEntries(parent, 'mirrors').map((entry): Mirror => {
    const catalog = locatedText(document, child(entry.value, 'catalog'));
    return {
      namespaceHost: locatedKey(document, entry),
      endpoints: items(child(entry.value, 'endpoint')).flatMap((node) => locatedText(document, node) ?? []),
      rewrites: entries(child(entry.value, 'rewrite')).flatMap((rewrite) => {
        const replacement = locatedText(document, rewrite.value);
        return replacement ? [{ pattern: locatedKey(document, rewrite), replacement }] : [];
      }),
      ...(catalog && { catalog }),
    };
  });
  return new Map(mirrors.map((mirror) => [mirror.namespaceHost.value, mirror]));
}

function readConfigs(document: SourceDocument, parent: TreeNode): RegistryConfigs {
  const configs = sectionEntries(parent, 'configs').map((entry): RegistryConfig => {
    const auth = child(entry.value, 'auth');
    const tls = child(entry.value, 'tls');
    return {
      host: locatedKey(document, entry),
      ...(auth?.kind === 'mapping' && { auth: readAuth(document, auth) }),
      ...(tls?.kind === 'mapping' && { tls: readTls(document, tls) }),
    };
  });
  return new Map(configs.map((config) => [config.host.value, config]));
}

function readNode(document: SourceDocument, node: TreeNode): NodeEntry | undefined {
  const selection = readSelection(document, node);
  if (!selection) return undefined;
  const [runtime, configPath, containerdConfig] = ['runtime', 'configPath', 'containerdConfig'].map((key) =>
    locatedText(document, child(node, key)),
  );
  const architecture = text(child(node, 'architecture'));
  return {
    selection,
    location: document.locate(node),
    ...(runtime && { runtime }),
    ...(configPath && { configPath }),
    ...(containerdConfig && { containerdConfig }),
    ...(architecture !== undefined && { architecture }),
    resolves: entries(child(node, 'resolves')).flatMap((entry) => {
      const address = locatedText(document, entry.value);
      return address ? [{ name: locatedKey(document, entry), address }] : [];
    }),
    labels: readTexts(child(node, 'labels')),
    taints: items(child(node, 'taints')).flatMap((taint) => locatedText(document, taint) ?? []),
    mirrors: readMirrors(document, node),
    configs: readConfigs(document, node),
  };
}

function readSelection(document: SourceDocument, node: TreeNode): NodeSelection | undefined {
  const file = locatedText(document, child(node, 'from'));
  if (file) return { kind: 'from', file };
  const name = locatedText(document, child(node, 'name'));
  if (name) return { kind: 'name', name };
  const match = child(node, 'match');
  return match ? { kind: 'match', labels: readTexts(match) } : undefined;
}

function readImagePath(entry: TreeNode): readonly ImagePathEntry[] {
  const [group = '', kind, path] = ['group', 'kind', 'path'].map((key) => text(child(entry, key)));
  return kind && path ? [{ group, kind, path }] : [];
}

function readTexts(node: TreeNode | undefined): Record<string, string> {
  return Object.fromEntries(
    entries(node).flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key.text, value.text]] : [])),
  );
}

function readCheck(document: SourceDocument, entry: MappingEntry): CheckSettings {
  const severity = readSeverity(entry.value.kind === 'scalar' ? entry.value : child(entry.value, 'severity'));
  return {
    id: locatedKey(document, entry),
    ...(severity && { severity }),
    ignore: items(child(entry.value, 'ignore')).map((node) => readIgnore(document, node)),
  };
}

function readIgnore(document: SourceDocument, entry: TreeNode): IgnoreEntry {
  const [file, image, node] = ['file', 'image', 'node'].map((key) => text(child(entry, key)));
  return {
    ...(file !== undefined && { file }),
    ...(image !== undefined && { image }),
    ...(node !== undefined && { node }),
    reason: text(child(entry, 'reason')) ?? '',
    location: document.locate(entry),
  };
}

function readSeverity(node: TreeNode | undefined): Severity | 'off' | undefined {
  if (node?.kind !== 'scalar') return undefined;
  // In YAML 1.1 the word `off` is the boolean false.
  if (node.value === false) return 'off';
  return node.text === 'error' || node.text === 'warning' || node.text === 'notice' || node.text === 'off'
    ? node.text
    : undefined;
}
