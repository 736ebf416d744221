import { hasFeature, type Since } from '../resolver/release.ts';
import type { ConfigRules } from './configRules.ts';

/** A Go type into which containerd decodes a value of `config.toml`. `name` is how Go prints it. */
export type ConfigType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'interface'; readonly name: string }
  | { readonly kind: 'slice' | 'map'; readonly name: string; readonly element: ConfigType }
  | StructType;

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  /** In the order of the Go source. */
  readonly fields: readonly ConfigField[];
}

/** A field of a Go struct. */
export interface ConfigField {
  /** Its key in TOML. */
  readonly key: string;
  /** Its name in Go. */
  readonly name: string;
  readonly type: ConfigType;
  /** It is a pointer to the type, as go-toml version 2 says in its errors. */
  readonly isPointer?: boolean;
  /** The versions that have it; absent where all do. */
  readonly since?: readonly Since[];
}

/** The fields that a version has. */
export function fieldsOf({ fields }: StructType, { version }: ConfigRules): readonly ConfigField[] {
  return fields.filter(({ since }) => since === undefined || hasFeature(version, since));
}

const string: ConfigType = { kind: 'string', name: 'string' };
const anything: ConfigType = { kind: 'interface', name: 'interface {}' };

export function text(key: string, name: string, since?: readonly Since[]): ConfigField {
  return { key, name, type: string, ...(since && { since }) };
}

export function flag(key: string, name: string, since?: readonly Since[]): ConfigField {
  return { key, name, type: { kind: 'bool', name: 'bool' }, ...(since && { since }) };
}

export function count(key: string, name: string, since?: readonly Since[]): ConfigField {
  return { key, name, type: { kind: 'int', name: 'int' }, ...(since && { since }) };
}

export function texts(key: string, name: string, since?: readonly Since[]): ConfigField {
  return { key, name, type: sliceOf(string), ...(since && { since }) };
}

export function section(key: string, name: string, type: ConfigType, since?: readonly Since[]): ConfigField {
  return { key, name, type, ...(since && { since }) };
}

export function pointer(key: string, name: string, type: StructType): ConfigField {
  return { key, name, type, isPointer: true };
}

export function struct(name: string, fields: readonly ConfigField[]): StructType {
  return { kind: 'struct', name: `config.${name}`, fields };
}

export function sliceOf(element: ConfigType): ConfigType {
  return { kind: 'slice', name: `[]${element.name}`, element };
}

export function mapOf(element: ConfigType): ConfigType {
  return { kind: 'map', name: `map[string]${element.name}`, element };
}

export const mapOfText: ConfigType = mapOf(string);
export const mapOfTexts: ConfigType = mapOf(sliceOf(string));
export const mapOfAnything: ConfigType = mapOf(anything);
/** A table of any content, as containerd 1.x keeps the sections of plugins. */
export const mapOfTrees: ConfigType = mapOf({ kind: 'struct', name: 'toml.Tree', fields: [] });
