import { visibleText } from './visibleText.ts';

/** Characters of one text that the report shows: nothing of use is longer, and one file must not fill the report. */
const maxCharacters = 1000;
const maxLabelCharacters = 120;

/**
 * Text that Markdown shows as it is written, anywhere in a line but at its start. Character references cannot take part in
 * Markdown's or HTML's structure, so no text can open a link, a tag, a code span or a table cell, nor mention a person or an
 * issue. What is very long is cut.
 */
export function escapeMarkdown(text: string): string {
  return cut(visibleText(text), maxCharacters).replaceAll(structure, characterReference);
}

// GitHub Flavored Markdown 6.2, Entity and numeric character references; 6.9, Autolinks (extension)
const structure = /["#$&*<>@[\\\]_`|~]|:(?=\/\/)|(?<=www)\./gi;

function characterReference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function cut(text: string, length: number): string {
  const characters = Array.from(text.slice(0, 2 * length));
  return characters.length > length ? `${characters.slice(0, length - 3).join('')}...` : text;
}

/** Text in code type. It is an HTML element because a code span has no escapes. */
export function markdownCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** A sentence in which backticks set off code, as findings use them. */
export function markdownSentence(sentence: string): string {
  const parts = sentence.split('`');
  // An odd number of backticks leaves the last one without a partner.
  const paired = parts.length - (1 - (parts.length % 2));
  const written = parts
    .slice(0, paired)
    .map((part, index) => (index % 2 === 1 ? markdownCode(part) : escapeMarkdown(part)));
  return (
    written.join('') +
    parts
      .slice(paired)
      .map((part) => escapeMarkdown(`\`${part}`))
      .join('')
  );
}

/** A link whose text is Markdown already. */
export function markdownLink(markdown: string, url: string): string {
  return `<a href="${url.replaceAll(/["&<>`|]/g, characterReference)}">${markdown}</a>`;
}

/** A text in a label of a Mermaid diagram, in quotes; what is long is cut. */
// mermaid packages/mermaid/src/utils.ts encodeEntities: `#NN;` stands for a character in a label
export function mermaidLabel(text: string): string {
  const escaped = cut(visibleText(text), maxLabelCharacters).replaceAll(
    /[^\p{L}\p{N} ,./:_-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
  return `"${escaped}"`;
}
