export const [tab, newline, space, doubleQuote, hash, singleQuote] = [9, 10, 32, 34, 35, 39];
export const [comma, dash, dot, colon, questionMark, backslash] = [44, 45, 46, 58, 63, 92];
export const [leftBracket, rightBracket, leftBrace, bar, rightBrace, greater] = [91, 93, 123, 124, 125, 62];

/** True at what opens and closes flow collections. */
export function isBracket(code: number): boolean {
  return code === leftBracket || code === rightBracket || code === leftBrace || code === rightBrace;
}

export function isQuote(code: number): boolean {
  return code === doubleQuote || code === singleQuote;
}
