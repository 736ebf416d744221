/** The name in a text that is `${NAME}` and nothing else; undefined for any other text. */
export function variableName(text: string): string | undefined {
  return /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1];
}
