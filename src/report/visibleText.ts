const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text on one line in which nothing is hidden: control and format characters (terminal escapes, line breaks, right-to-left
 * overrides, zero-width characters) and lone surrogates become escapes as in source code. Everything that comes from a
 * repository passes through here before it is shown.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => named[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
