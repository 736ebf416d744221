import type { ScalarProblem, TomlScalar } from '../../source/toml.ts';
import type { TomlExpression, WrittenHeader, WrittenPair, WrittenValue } from '../../source/tomlTree.ts';

/** A Go type that a text is decoded into. */
export type DecodedType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'interface' }
  | { readonly kind: 'slice' | 'map'; readonly element: DecodedType }
  | DecodedStruct;

export interface DecodedStruct {
  readonly kind: 'struct';
  /** As Go prints the type. */
  readonly name: string;
  /** The field of a key, in any case of its letters; undefined where the key is ignored. */
  readonly fieldOf: (key: string) => DecodedField | undefined;
}

export interface DecodedField {
  /** Its name in Go. */
  readonly name: string;
  readonly type: DecodedType;
}

/** The first header or assignment of a text that does not go with a type. */
export interface TypeProblem extends ScalarProblem {
  readonly expression: TomlExpression;
}

/** What go-toml 2.4 says when it decodes these headers and assignments; undefined where all go with the type. */
// pelletier/go-toml v2.4.3 unmarshaler.go handleRootExpression
export function findTypeProblem24(
  expressions: readonly TomlExpression[],
  root: DecodedStruct,
): TypeProblem | undefined {
  let table: DecodedType | undefined = root;
  for (const expression of expressions) {
    try {
      if (expression.kind === 'header') table = tableOf(root, expression);
      else if (table) descend(table, expression, 0);
    } catch (error) {
      if (!(error instanceof WrongType)) throw error;
      return { message: error.message, offset: error.offset, isAtEnd: false, expression };
    }
  }
  return undefined;
}

class WrongType extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A value of another type than that of the place for it. The struct around it is named in the words, where there is one. */
class Mismatch extends WrongType {
  readonly what: string;
  readonly target: string;
  constructor(what: string, type: DecodedType, offset: number) {
    const target = printType(type);
    super(`cannot decode TOML ${what} into ${target}`, offset);
    this.what = what;
    this.target = target;
  }
}

function printType(type: DecodedType): string {
  switch (type.kind) {
    case 'struct':
      return type.name;
    case 'slice':
      return `[]${printType(type.element)}`;
    case 'map':
      return `map[string]${printType(type.element)}`;
    case 'interface':
      return 'interface {}';
    case 'bool':
    case 'int':
    case 'string':
      return type.kind;
  }
}

/** The type of the table that a header begins; undefined where nothing is decoded into it. */
// pelletier/go-toml v2.4.3 unmarshaler.go walkTable
function tableOf(root: DecodedStruct, { keys, isArray }: WrittenHeader): DecodedType | undefined {
  const start = keys[0]?.start ?? 0;
  let type: DecodedType = root;
  for (const { text } of keys) {
    while (type.kind === 'slice') type = type.element;
    if (type.kind === 'interface') return type;
    if (type.kind === 'struct') {
      const field: DecodedField | undefined = type.fieldOf(text);
      if (!field) return undefined;
      type = field.type;
    } else if (type.kind === 'map' && !isScalar(type.element)) {
      type = type.element;
    } else {
      throw new WrongType(
        `cannot store a table in a ${type.kind === 'map' ? printType(type.element) : type.kind}`,
        start,
      );
    }
  }
  if (type.kind === 'interface') return type;
  if (isArray && type.kind !== 'slice') {
    throw new WrongType(`cannot store an array table in a ${type.kind}`, start);
  }
  while (type.kind === 'slice') type = type.element;
  if (isScalar(type)) throw new WrongType(`cannot store a table in a ${type.kind}`, start);
  return type;
}

function isScalar({ kind }: DecodedType): boolean {
  return kind === 'bool' || kind === 'int' || kind === 'string';
}

/** Puts the value of an assignment where its key leads to, from the part with this index on. */
// pelletier/go-toml v2.4.3 unmarshaler.go descend
function descend(type: DecodedType, pair: WrittenPair, index: number): void {
  const key = pair.keys[index];
  if (!key) {
    assign(type, pair.value);
  } else if (type.kind === 'struct') {
    const field = type.fieldOf(key.text);
    if (field) inField(type, field, () => descend(field.type, pair, index + 1));
  } else if (type.kind === 'map') {
    descend(type.element, pair, index + 1);
  } else if (type.kind === 'slice') {
    descend(type.element, pair, index);
  } else if (type.kind === 'interface') {
    checkValues(pair.value);
  } else {
    throw new Mismatch('table', type, key.start);
  }
}

function inField(struct: DecodedStruct, field: DecodedField, decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const { what, target, offset } = error;
    const place = `struct field ${struct.name}.${field.name}`;
    throw new WrongType(`cannot decode TOML ${what} into ${place} of type ${target}`, offset);
  }
}

function assign(type: DecodedType, value: WrittenValue): void {
  if (type.kind === 'interface') {
    checkValues(value);
  } else if (value.kind === 'array') {
    if (type.kind !== 'slice') throw new Mismatch('array', type, value.start);
    for (const item of value.items) assign(type.element, item);
  } else if (value.kind === 'inline') {
    if (type.kind !== 'map' && type.kind !== 'struct') throw new Mismatch('inline table', type, value.start);
    for (const pair of value.pairs) descend(type, pair, 0);
  } else {
    checkValues(value);
    if (kindOf(value) !== type.kind) throw new Mismatch(nameOf(value), type, value.start);
  }
}

/** Refuses numbers and dates that no type can hold. */
function checkValues(value: WrittenValue): void {
  if (value.kind === 'array') for (const item of value.items) checkValues(item);
  else if (value.kind === 'inline') for (const pair of value.pairs) checkValues(pair.value);
  else if (value.problem) throw new WrongType(value.problem.message, value.problem.offset);
}

function kindOf({ type }: TomlScalar): string {
  if (type === 'boolean') return 'bool';
  return type === 'integer' ? 'int' : type;
}

function nameOf({ type, text }: TomlScalar): string {
  if (type !== 'datetime') return type;
  if (text[2] === ':') return 'local time';
  const delimiter = text.search(/[Tt ]/);
  if (delimiter < 0) return 'local date';
  return /[Zz+-]/.test(text.slice(delimiter)) ? 'datetime' : 'local datetime';
}
