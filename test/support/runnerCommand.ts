/** A workflow command as the runner understands it. */
export interface ReadCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const registered = new Set(
  [
    'error warning notice group endgroup debug add-mask stop-commands echo add-matcher remove-matcher',
    'set-output save-state add-path set-env internal-set-repo-path',
  ].flatMap((names) => names.split(' ')),
);

/**
 * What the GitHub Actions runner makes of a line that a step prints: a command, or undefined for plain text.
 */
// actions/runner src/Runner.Common/ActionCommand.cs TryParseV2, TryParse
export function readCommand(line: string): ReadCommand | undefined {
  return readNewForm(line) ?? readOldForm(line);
}

function readNewForm(line: string): ReadCommand | undefined {
  const trimmed = line.replace(/^[\s\u0085]+/u, '');
  if (!trimmed.startsWith('::')) return undefined;
  const end = trimmed.indexOf('::', 2);
  if (end < 0) return undefined;
  return readParts(trimmed.slice(2, end), trimmed.slice(end + 2), ',', [
    ['\r', '%0D'],
    ['\n', '%0A'],
    [':', '%3A'],
    [',', '%2C'],
    ['%', '%25'],
  ]);
}

function readOldForm(line: string): ReadCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  return readParts(line.slice(start + 3, end), line.slice(end + 1), ';', [
    [';', '%3B'],
    ['\r', '%0D'],
    ['\n', '%0A'],
    [']', '%5D'],
    ['%', '%25'],
  ]);
}

type Escapes = readonly (readonly [string, string])[];

function readParts(head: string, data: string, separator: string, escapes: Escapes): ReadCommand | undefined {
  const space = head.indexOf(' ');
  const command = space < 0 ? head : head.slice(0, space);
  if (!registered.has(command)) return undefined;
  const pairs =
    space < 0
      ? []
      : head
          .slice(space + 1)
          .trim()
          .split(separator);
  const properties: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0 && equals < pair.length - 1) {
      properties[pair.slice(0, equals)] = unescape(pair.slice(equals + 1), escapes);
    }
  }
  const messageEscapes = escapes.filter(([, escape]) => !['%3A', '%2C'].includes(escape));
  return { command, properties, message: unescape(data, messageEscapes) };
}

function unescape(text: string, escapes: Escapes): string {
  let result = text;
  for (const [character, escape] of escapes) result = result.replaceAll(escape, character);
  return result;
}
