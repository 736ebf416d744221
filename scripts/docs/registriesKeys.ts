import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './markdown.ts';

/** The parts of JSON Schema that `schema/registries.schema.json` uses. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

/** What the keys of a mapping with keys of one's own stand for. */
const keyNames: Readonly<Record<string, string>> = {
  mirrors: 'HOST',
  rewrite: 'EXPRESSION',
  configs: 'HOST',
  checks: 'CHECK',
  match: 'LABEL',
  labels: 'LABEL',
  resolves: 'NAME',
};

const typeNames: Readonly<Record<string, string>> = {
  object: 'mapping',
  array: 'list',
  string: 'text',
  boolean: 'true or false',
};

/** A row for each key of registries.yaml that is described. */
export function registriesKeys(root: string): string {
  const schema: Schema = JSON.parse(readFileSync(join(root, 'schema/registries.schema.json'), 'utf8'));
  const rows = new KeyList(schema.$defs ?? {}).rowsOf('', schema);
  return table(['key', 'type', 'what it is'], rows);
}

/** Key, type and description. */
type Row = readonly string[];

class KeyList {
  readonly #definitions: Readonly<Record<string, Schema>>;
  /** Where each definition is listed, key by key: a second time it is only pointed at. */
  readonly #listed = new Map<string, string>();

  constructor(definitions: Readonly<Record<string, Schema>>) {
    this.#definitions = definitions;
  }

  rowsOf(path: string, schema: Schema): readonly Row[] {
    const keys = Object.entries(schema.properties ?? {});
    return keys.flatMap(([key, value]) => this.#row(path === '' ? key : `${path}.${key}`, key, value));
  }

  #row(path: string, key: string, written: Schema): readonly Row[] {
    const schema = this.#resolve(written);
    const known = written.$ref === undefined ? undefined : this.#listed.get(written.$ref);
    if (known !== undefined)
      return [[`\`${path}\``, typeName(schema), `As \`${known}\`, for these nodes only.`]];
    const below = this.#below(path, key, schema);
    if (written.$ref !== undefined && below.length > 0) this.#listed.set(written.$ref, path);
    const isListed = schema.description !== undefined || below.length === 0;
    return [...(isListed ? [[`\`${path}\``, this.#typeOf(schema), schema.description ?? '']] : []), ...below];
  }

  #below(path: string, key: string, schema: Schema): readonly Row[] {
    const { additionalProperties: values, items } = schema;
    const inner = this.rowsOf(path, schema);
    if (typeof values === 'object')
      return [...inner, ...this.#anyKey(`${path}.${keyNames[key] ?? 'KEY'}`, values)];
    return items ? [...inner, ...this.rowsOf(`${path}[]`, this.#resolve(items))] : inner;
  }

  /** A value of a mapping with keys of one's own; where it may be a word instead of a mapping, both are told. */
  #anyKey(path: string, written: Schema): readonly Row[] {
    const schema = this.#resolve(written);
    const mapping = schema.then ? this.#resolve(schema.then) : schema;
    const word = schema.else && this.#resolve(schema.else);
    const row = word
      ? [[`\`${path}\``, `${this.#typeOf(word)}, or mapping`, 'The severity alone, or the keys below.']]
      : [];
    return [...row, ...this.rowsOf(path, mapping)];
  }

  #typeOf(schema: Schema): string {
    if (schema.enum) return schema.enum.filter((value) => typeof value === 'string').join(', ');
    const items = schema.items && typeName(this.#resolve(schema.items));
    return schema.items && items === 'text' ? 'list of texts' : typeName(schema);
  }

  /** The definition that a `$ref` names, with what stands beside the `$ref`. */
  #resolve({ $ref, ...beside }: Schema): Schema {
    if ($ref === undefined) return beside;
    const name = $ref.replace('#/$defs/', '');
    const definition = this.#definitions[name];
    if (!definition) throw new Error(`registries.schema.json has no definition ${name}`);
    return { ...this.#resolve(definition), ...beside };
  }
}

function typeName({ type }: Schema): string {
  const names = [type ?? []].flat().flatMap((name) => typeNames[name] ?? []);
  return [...new Set(names)].join(' or ');
}
