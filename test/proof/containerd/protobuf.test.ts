import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { DecodedMessage, encodeMessage, ProtobufError } from '../../../src/proof/containerd/protobuf.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

suite('protobuf', () => {
  test('writes the examples of the encoding guide', () => {
    assert.equal(hex(encodeMessage([[1, 150n]])), '089601');
    assert.equal(hex(encodeMessage([[2, 'testing']])), '120774657374696e67');
    assert.equal(hex(encodeMessage([[3, { message: encodeMessage([[1, 150n]]) }]])), '1a03089601');
    assert.equal(hex(encodeMessage([[1, -2n]])), '08feffffffffffffffff01');
  });

  test('leaves out what an absent field means, and keeps an empty message', () => {
    assert.equal(
      hex(
        encodeMessage([
          [1, ''],
          [2, 0n],
          [3, false],
          [4, undefined],
        ]),
      ),
      '',
    );
    assert.equal(hex(encodeMessage([[5, { message: encodeMessage([]) }]])), '2a00');
  });

  test('reads fields of every wire type, in any order, and those that nobody knows', () => {
    // 2: "b", 16: fixed64, 1: 7, 17: fixed32, 2: "c"
    const bytes = Buffer.from(
      ['120162', '81010102030405060708', '0807', '8d0101020304', '120163'].join(''),
      'hex',
    );
    const message = new DecodedMessage(bytes);
    assert.equal(message.integer(1), 7n);
    assert.deepEqual(message.texts(2), ['b', 'c']);
    assert.equal(message.text(2), 'c');
    assert.equal(message.text(9), '');
    assert.equal(message.integer(9), 0n);
    assert.equal(message.message(9), undefined);
  });

  test('what was written is read again', () => {
    const field = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 29 - 1 }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(field, { selector: ([number]) => number }),
        fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
        (fields, size) => {
          const inner = encodeMessage(fields);
          const message = new DecodedMessage(
            encodeMessage([
              [1, size],
              [2, { message: inner }],
              [2, { message: inner }],
            ]),
          );
          assert.equal(message.integer(1), size);
          assert.equal(message.messages(2).length, 2);
          for (const [number, text] of fields) assert.equal(message.message(2)?.text(number), text);
        },
      ),
    );
  });

  test('bytes that are no message are refused, and never anything else thrown', () => {
    assert.throws(() => new DecodedMessage(Buffer.from('1207', 'hex')), ProtobufError);
    assert.throws(() => new DecodedMessage(Buffer.from('ff'.repeat(11), 'hex')), ProtobufError);
    assert.throws(() => new DecodedMessage(Buffer.from('0b', 'hex')), ProtobufError);
    assert.throws(() => new DecodedMessage(Buffer.from('0807', 'hex')).text(1), ProtobufError);
    assert.throws(() => new DecodedMessage(Buffer.from('0a0161', 'hex')).integer(1), ProtobufError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          new DecodedMessage(bytes).messages(1);
        } catch (error) {
          assert.ok(error instanceof ProtobufError);
        }
      }),
    );
  });
});
