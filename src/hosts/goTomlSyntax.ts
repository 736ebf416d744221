import type { SourceProblem } from '../source/location.ts';
import type { TomlDocument, TomlProblem } from '../source/toml.ts';
import type { HostsProfile } from './hostsProfile.ts';

/**
 * What a library says about a text that is no TOML. The words about doubled names are its own, those about
 * syntax ours.
 */
// pelletier/go-toml v1.9.5 parser.go parseGroup and parseAssign, v2.2.4 internal/tracker/seen.go
export function syntaxProblem(
  problem: TomlProblem,
  text: string,
  library: HostsProfile['tomlLibrary'],
): SourceProblem {
  const { location } = problem;
  const { line, column } = location.start;
  const isVersion2 = library === 'go-toml v2';
  const at = (column: number): string =>
    isVersion2 ? 'toml: ' : `failed to parse TOML: (${line}, ${column}): `;
  if (problem.kind === 'syntax') return { message: `${at(column)}${problem.message}`, location };
  const before = text.slice(0, problem.offset);
  const [key = ''] = keyParts(text.slice(problem.offset));
  const [bracket] = /^[ \t]*\[+/.exec(before.slice(before.lastIndexOf('\n') + 1)) ?? [];
  if (bracket !== undefined) {
    const words = isVersion2 ? `table ${key} already exists` : 'duplicated tables';
    return { message: `${at(bracket.length + 1)}${words}`, location };
  }
  const path = [...keyParts(lastHeader(before)), key].join('.');
  const words = isVersion2 ? `key ${key} is already defined` : `The following key was defined twice: ${path}`;
  return { message: `${at(column)}${words}`, location };
}

/** What version 1 says about the first header with a bracket in its key, which ends there for it, quoted or not. */
// pelletier/go-toml v1.9.5 lexer.go lexInsideTableKey
export function headerProblem(document: TomlDocument, text: string): SourceProblem | undefined {
  for (const header of document.headers) {
    const depth = header.isArray ? 2 : 1;
    const key = text.slice(header.start + depth, header.end - depth);
    const bracket = /[[\]]/.exec(key)?.[0];
    if (bracket === undefined) continue;
    const location = document.locate(header);
    const { line, column } = location.start;
    const what = header.isArray ? 'table array key' : 'table key';
    const quotes = key.includes('"') ? 'double' : 'single';
    const words =
      bracket === '['
        ? `unexpected token ${what} cannot contain ']', was expecting a ${what}`
        : `invalid table array key: unclosed ${quotes}-quoted key`;
    return { message: `failed to parse TOML: (${line}, ${column + depth}): ${words}`, location };
  }
  return undefined;
}

/** The key of the last table header in a text; empty where there is none. */
function lastHeader(text: string): string {
  const header = text.split('\n').findLast((line) => /^[ \t]*\[/.test(line)) ?? '';
  return header.slice(header.indexOf('[') + 1, header.lastIndexOf(']'));
}

const maxKeyLength = 1000;

/** The parts of a dotted key, without their quotes. */
function keyParts(text: string): readonly string[] {
  const parts = text.slice(0, maxKeyLength).matchAll(/"([^"\n]*)"|'([^'\n]*)'|([\w-]+)/g);
  return [...parts].map(([, basic, literal, bare]) => basic ?? literal ?? bare ?? '');
}
