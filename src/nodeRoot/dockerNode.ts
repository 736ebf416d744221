import type { StartupError } from '../config/startupError.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { Profile } from '../resolver/profile.ts';
import type { FixableProblem } from '../source/fix.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import { suggest } from '../source/suggest.ts';
import { child, entries, items, type SourceDocument, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { findInsecureRegistryMistake, findMirrorMistake } from './dockerEntries.ts';
import type { NodeReading } from './nodeReading.ts';

/** Where dockerd has its configuration. */
const daemonFile = '/etc/docker/daemon.json';

const mirrorsKey = 'registry-mirrors';
const insecureKey = 'insecure-registries';

/** Makes reading end: dockerd does not start. */
class DockerFailure extends Error {
  readonly location: Location;
  constructor(message: string, location: Location) {
    super(message);
    this.location = location;
  }
}

/** dockerd has no logins of its own. */
const noLogin = (): undefined => undefined;

/** Reads `daemon.json` as dockerd does. Never throws. */
export function dockerNode(files: NodeFiles, profile: Profile): NodeReading {
  const ignored: FixableProblem[] = [];
  try {
    const document = readDocument(files);
    const registryMirrors = document ? readMirrors(document, profile) : [];
    const insecureRegistries = document ? readInsecureRegistries(document, ignored) : [];
    return {
      configuration: configuration(profile, registryMirrors, insecureRegistries),
      configuredAuth: noLogin,
      ignored,
    };
  } catch (error) {
    if (!(error instanceof DockerFailure)) throw error;
    const startupError: StartupError = {
      error: error.message,
      message: `dockerd does not start: ${error.message}`,
      location: error.location,
    };
    return {
      configuration: configuration(profile, [], []),
      configuredAuth: noLogin,
      startupError,
      ignored,
    };
  }
}

function configuration(
  profile: Profile,
  registryMirrors: readonly Located<string>[],
  insecureRegistries: readonly Located<string>[],
): NodeReading['configuration'] {
  return {
    profile,
    registry: { form: 'docker', registryMirrors, insecureRegistries },
    credentials: [],
    forcesLocalPull: false,
  };
}

/** The file as a tree; undefined where there is none or nothing in it. */
function readDocument(files: NodeFiles): SourceDocument | undefined {
  const name = files.nameOf(daemonFile);
  const content = files.read(daemonFile);
  if (!content) return undefined;
  if ('unreadable' in content)
    throw new DockerFailure(`the file is ${content.unreadable}`, startOfFile(name));
  if (content.text.trim() === '') return undefined;
  checkJson(content.text, name);
  // JSON is YAML, and this reader knows where things stand.
  const { documents, problems } = parseYaml(name, content.text);
  const [document] = documents;
  if (!document) throw new DockerFailure(problems[0]?.message ?? 'it is no JSON', startOfFile(name));
  if (document.root.kind !== 'mapping') {
    throw new DockerFailure('the file is no JSON object', document.locate(document.root));
  }
  checkKeys(document);
  return document;
}

function checkJson(text: string, name: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line = '1', column = '1'] = /line (\d+) column (\d+)/.exec(error.message) ?? [];
    const start = { line: Number(line), column: Number(column) };
    throw new DockerFailure('the file is no valid JSON', { file: name, start, end: start });
  }
}

// moby v28 daemon/config/config.go findConfigurationConflicts: only names near to those of interest are looked at
function checkKeys(document: SourceDocument): void {
  for (const { key } of entries(document.root)) {
    if (key.text === mirrorsKey || key.text === insecureKey) continue;
    const meant = suggest(key.text, [mirrorsKey, insecureKey]);
    if (meant === undefined || Math.abs(meant.length - key.text.length) > 4) continue;
    const message = `the following directives don't match any configuration option: ${key.text} (meant is \`${meant}\`)`;
    throw new DockerFailure(message, document.locate(key));
  }
}

function readMirrors(document: SourceDocument, profile: Profile): readonly Located<string>[] {
  const mirrors = readTexts(document, mirrorsKey);
  for (const { value, location } of mirrors) {
    const mistake = findMirrorMistake(value, profile);
    if (mistake !== undefined) throw new DockerFailure(`invalid mirror: \`${value}\` ${mistake}`, location);
  }
  return mirrors;
}

function readInsecureRegistries(
  document: SourceDocument,
  ignored: FixableProblem[],
): readonly Located<string>[] {
  return readTexts(document, insecureKey).map(({ value, location }) => {
    const [scheme = ''] = /^https?:\/\//i.exec(value) ?? [];
    const host = value.slice(scheme.length);
    const mistake = findInsecureRegistryMistake(host);
    if (mistake !== undefined)
      throw new DockerFailure(`insecure registry \`${value}\` is not valid: ${mistake}`, location);
    if (scheme !== '') {
      const message = `dockerd leaves out \`${scheme}\`: an entry is host, host:port or a CIDR block`;
      const edit = { location, replacement: JSON.stringify(host) };
      ignored.push({ message, location, fix: { message: `write \`${host}\``, edit } });
    }
    return { value: host, location };
  });
}

function readTexts(document: SourceDocument, key: string): readonly Located<string>[] {
  const list = child(document.root, key);
  if (!list || isNull(list)) return [];
  if (list.kind !== 'sequence') throw new DockerFailure(`\`${key}\` is no list`, document.locate(list));
  return items(list).map((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      throw new DockerFailure(`\`${key}\` holds something else than texts`, document.locate(item));
    }
    return { value: item.text, location: document.locate(item) };
  });
}

function isNull(node: TreeNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
