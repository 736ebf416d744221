import type { SourceProblem } from '../source/location.ts';
import type { TomlProblem } from '../source/toml.ts';
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
