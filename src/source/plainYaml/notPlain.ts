class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/** Thrown where a text is not plain YAML. One for all places: nobody asks why, and a new one would cost a stack trace. */
export const notPlain = new NotPlain('only the whole reader can read this');
