import { stringify as stringifyToml } from 'smol-toml';
import { Document, Scalar, visit } from 'yaml';
import type { NodeGroup } from './nodeGroups.ts';

/** What stands at the top of a rendered file, line by line, each of any length and with any text. */
export interface Heading {
  /** What the file is, and what to do with it. */
  readonly lines: readonly string[];
  /** What the file does not say although it is configured. */
  readonly missing?: readonly string[];
}

/** A whole file: the heading as comments, and the content. */
export function fileText({ lines, missing = [] }: Heading, content: string): string {
  const list = [...new Set(missing)];
  const comments = [
    ...lines,
    ...(list.length > 0 ? ['', 'Not carried over:', ...list.map((what) => `- ${what}`)] : []),
  ];
  const body = content.trimEnd();
  return visible(comments.map(comment).join('') + (body === '' ? '' : `\n${body}\n`));
}

/** The longest text that a comment holds. */
const maxLength = 400;

function comment(text: string): string {
  const line = visible(text.replaceAll('\n', String.raw`\n`));
  const shown =
    line.length > maxLength ? `${line.slice(0, maxLength).replace(/\p{Surrogate}$/u, '')}...` : line;
  return shown === '' ? '#\n' : `# ${shown}\n`;
}

/**
 * A text in which no character is invisible or ends a line but for the line feed: older YAML readers take more characters than
 * that for the end of a line, and of a comment. Quoted texts of YAML and TOML mean the same afterwards.
 */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}

/** A YAML document. Every text is quoted and on one line, but for those that are a {@link block}. */
export function yamlText(data: unknown): string {
  const document = new Document(data);
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.value = node.value.toWellFormed();
    },
  });
  return document.toString({
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_DOUBLE',
    doubleQuotedAsJSON: true,
    lineWidth: 0,
  });
}

/** A text of several lines that stays readable within YAML. */
export function block(text: string): Scalar {
  const scalar = new Scalar(visible(text));
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

/** A TOML document. */
export function tomlText(data: object): string {
  return stringifyToml(wellFormed(data) ?? {});
}

/** The same data without halves of surrogate pairs, which no file can hold. */
function wellFormed(data: unknown): unknown {
  if (typeof data === 'string') return data.toWellFormed();
  if (Array.isArray(data)) return data.map(wellFormed);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.toWellFormed(), wellFormed(value)]),
  );
}

/** How many names stand in a heading before the rest is only counted. */
const namesShown = 5;

/** `For worker-1 and worker-2.`; nothing where there is only one group. */
export function nodesLine(group: NodeGroup, groups: readonly NodeGroup[]): string[] {
  return groups.length > 1 ? [`For ${listNames(group.nodes.map(({ node }) => node.name))} only.`] : [];
}

/** `a, b, c, d, e and 12 more`. */
export function listNames(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  const shown = names.length <= namesShown ? names.slice(0, -1) : names.slice(0, namesShown);
  const last = names.length <= namesShown ? names.at(-1) : `${names.length - namesShown} more`;
  return `${shown.join(', ')} and ${last}`;
}

/** How `${NAME}`s are filled in; nothing where there are none. */
export function fillLines(file: string, placeholders: readonly string[]): string[] {
  if (placeholders.length === 0) return [];
  const filled = file.replace(/(\.\w+)$/, '.filled$1');
  return [
    'Secrets are never written here. To fill them in, where a value has no quote or backslash:',
    `  envsubst '${placeholders.join(' ')}' < ${file} > ${filled}`,
  ];
}
