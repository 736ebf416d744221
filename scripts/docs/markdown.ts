/** A table; the cells may hold any text but are shown on one line each. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headers, headers.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('');
}

function cell(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

/** A block of code, in a fence that is longer than any within it. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n*$/, '\n')}${fence}\n`;
}

/**
 * Puts a text between `<!-- start NAME -->` and `<!-- end NAME -->`, in place of what is there. Throws when the markers are
 * missing.
 */
export function replaceSection(document: string, name: string, text: string): string {
  const [start, end] = [`<!-- start ${name} -->\n`, `<!-- end ${name} -->`];
  const from = document.indexOf(start);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`there is no section ${name}`);
  // Prettier would lay out the tables and change the examples.
  const content = `\n<!-- prettier-ignore-start -->\n\n${text}\n<!-- prettier-ignore-end -->\n\n`;
  return document.slice(0, from + start.length) + content + document.slice(to);
}
