/**
 * The part of the protobuf wire format that the CRI needs: fields of text, bytes, whole numbers and messages.
 * https://protobuf.dev/programming-guides/encoding
 */

/** A field to be encoded. As in proto3, empty texts, zero and false are left out: they are what an absent field means. */
type FieldValue = string | Uint8Array | bigint | boolean;

/** A message in another, or several. */
type NestedMessage = { readonly message: Uint8Array };

export type EncodableField = readonly [number: number, value: FieldValue | NestedMessage | undefined];

/** Bytes that are no protobuf message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const wireTypes = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** The bytes of a message. Fields are written in the order given. */
export function encodeMessage(fields: readonly EncodableField[]): Uint8Array {
  return Buffer.concat(fields.map(([number, value]) => encodeField(number, value)));
}

function encodeField(number: number, value: EncodableField[1]): Uint8Array {
  if (value === undefined || value === '' || value === 0n || value === false) return new Uint8Array();
  if (typeof value === 'bigint' || typeof value === 'boolean') {
    return Buffer.concat([encodeTag(number, wireTypes.varint), encodeVarint(BigInt(value))]);
  }
  const bytes = payload(value);
  const head = [encodeTag(number, wireTypes.lengthDelimited), encodeVarint(BigInt(bytes.length))];
  return Buffer.concat([...head, bytes]);
}

function payload(value: string | Uint8Array | NestedMessage): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  return value instanceof Uint8Array ? value : value.message;
}

function encodeTag(number: number, wireType: number): Uint8Array {
  return encodeVarint((BigInt(number) << 3n) | BigInt(wireType));
}

function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  // Negative numbers are written as 64 bits in two's complement.
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** A message that was read: the values of each field in their order, as numbers or as bytes. Fields that nobody asks for do no harm. */
export class DecodedMessage {
  readonly #values: ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

  /** @throws ProtobufError */
  constructor(bytes: Uint8Array) {
    this.#values = decodeFields(bytes);
  }

  /** A field of text; empty where it is absent. The last one counts. */
  text(number: number): string {
    return decodeText(this.#bytes(number).at(-1));
  }

  texts(number: number): readonly string[] {
    return this.#bytes(number).map(decodeText);
  }

  /** An unsigned whole number; zero where it is absent. */
  integer(number: number): bigint {
    const value = this.#values.get(number)?.at(-1) ?? 0n;
    if (typeof value !== 'bigint') throw new ProtobufError(`field ${number} is no whole number`);
    return value;
  }

  message(number: number): DecodedMessage | undefined {
    return this.messages(number).at(-1);
  }

  messages(number: number): readonly DecodedMessage[] {
    return this.#bytes(number).map((bytes) => new DecodedMessage(bytes));
  }

  #bytes(number: number): readonly Uint8Array[] {
    return (this.#values.get(number) ?? []).map((value) => {
      if (typeof value === 'bigint') throw new ProtobufError(`field ${number} is a number`);
      return value;
    });
  }
}

function decodeText(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

function decodeFields(bytes: Uint8Array): ReadonlyMap<number, readonly (bigint | Uint8Array)[]> {
  const reader = new Reader(bytes);
  const values = new Map<number, (bigint | Uint8Array)[]>();
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Number(tag >> 3n);
    const list = values.get(number) ?? [];
    list.push(reader.value(Number(tag & 7n)));
    values.set(number, list);
  }
  return values;
}

class Reader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = this.#take(1);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('a number is longer than ten bytes');
  }

  value(wireType: number): bigint | Uint8Array {
    switch (wireType) {
      case wireTypes.varint:
        return this.varint();
      case wireTypes.fixed64:
        return this.#take(8);
      case wireTypes.fixed32:
        return this.#take(4);
      case wireTypes.lengthDelimited:
        return this.#take(Number(this.varint()));
      default:
        throw new ProtobufError(`wire type ${wireType} is not known`);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new ProtobufError('the message ends too early');
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }
}
