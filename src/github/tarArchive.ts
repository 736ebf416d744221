const blockSize = 512;

/**
 * A tar archive (POSIX pax) of text files, the same bytes for the same files. Shell scripts are executable. An archive within
 * the artifact keeps what artifacts cannot: colons in names, which hosts directories have, and the executable bit.
 */
export function tarArchive(files: ReadonlyMap<string, string>): Buffer {
  const blocks: Buffer[] = [];
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = Buffer.from(text);
    const mode = path.endsWith('.sh') ? 0o755 : 0o644;
    if (!fitsHeader(path)) blocks.push(...entry('pax', 'x', 0o644, paxRecord('path', path)));
    blocks.push(...entry(path, '0', mode, content));
  }
  blocks.push(Buffer.alloc(2 * blockSize));
  return Buffer.concat(blocks);
}

/** The name field of a header holds 100 bytes of ASCII. */
function fitsHeader(path: string): boolean {
  return /^[\x20-\x7e]{1,100}$/.test(path);
}

/** `<length of the whole record> <key>=<value>` and a line break. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function entry(path: string, type: '0' | 'x', mode: number, content: Buffer): Buffer[] {
  const padding = Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize);
  return [header(path, type, mode, content.length), content, padding];
}

function header(path: string, type: '0' | 'x', mode: number, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, offset: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
  };
  block.write(path, 0, 100, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(`        ${type}`, 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
