/**
 * A value as indented JSON that is safe to print: what a terminal obeys or hides (escape sequences, right-to-left overrides) and
 * the `##[` of the GitHub Actions runner's older commands are written as escapes of JSON. Ends with a line break.
 */
// actions/runner src/Runner.Common/ActionCommand.cs TryParse
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return `${json.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?<=##)\[/gu, escape)}\n`;
}

function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
