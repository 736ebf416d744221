import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeText } from '../../src/files/decodeText.ts';

describe('decodeText', () => {
  const table: readonly [name: string, bytes: Buffer, expected: ReturnType<typeof decodeText>][] = [
    ['an empty file', Buffer.of(), { text: '' }],
    ['UTF-8', Buffer.from('käse: 🧀\r\n'), { text: 'käse: 🧀\r\n' }],
    ['a byte order mark', Buffer.from('\ufeffkind: Pod'), { text: 'kind: Pod' }],
    ['a second byte order mark', Buffer.from('\ufeff\ufeffa'), { text: '\ufeffa' }],
    ['NUL', Buffer.from('a: \0'), { unreadable: 'a binary file' }],
    ['Latin-1', Buffer.from('käse', 'latin1'), { unreadable: 'not valid UTF-8' }],
    ['half a character', Buffer.from('ä').subarray(0, 1), { unreadable: 'not valid UTF-8' }],
    ['a surrogate', Buffer.of(0xed, 0xa0, 0x80), { unreadable: 'not valid UTF-8' }],
    [
      'UTF-16',
      Buffer.from('\ufeffkind: Pod', 'utf16le'),
      { unreadable: 'written in UTF-16: save it as UTF-8' },
    ],
    [
      'UTF-16 with the bytes swapped',
      Buffer.from('\ufeffkind: Pod', 'utf16le').swap16(),
      { unreadable: 'written in UTF-16: save it as UTF-8' },
    ],
  ];
  for (const [name, bytes, expected] of table) {
    it(name, () => {
      assert.deepEqual(decodeText(bytes), expected);
    });
  }
});
