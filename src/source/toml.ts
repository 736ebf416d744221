import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, SourceDocument } from './tree.ts';

/** A value of a TOML text. Each node is a `TreeNode` as well, so everything that reads trees reads these. */
export type TomlNode = TomlScalar | TomlTable | TomlArray;

export type TomlType = 'string' | 'integer' | 'float' | 'boolean' | 'datetime';

export interface TomlScalar extends ScalarNode {
  /** The type that TOML gives the value. A date or time has its text as value. */
  readonly type: TomlType;
  /** Why a decoder that looks at the value refuses it, as a number that is too big. */
  readonly problem?: ScalarProblem;
}

/** What is wrong with a value. */
export interface ScalarProblem {
  readonly message: string;
  /** Offset into the text. */
  readonly offset: number;
  /** The text ends where more of the value is missed. */
  readonly isAtEnd: boolean;
}

export interface TomlEntry extends MappingEntry {
  readonly key: TomlScalar;
  readonly value: TomlNode;
}

export interface TomlTable extends MappingNode {
  readonly entries: readonly TomlEntry[];
  /** Written as `{ … }`. */
  readonly isInline: boolean;
  /** Made by the dotted key of an assignment, and by no header. */
  readonly isDotted?: boolean;
}

export interface TomlArray extends SequenceNode {
  readonly items: readonly TomlNode[];
  /** Made of `[[…]]` headers. */
  readonly isTables: boolean;
}

/** A `[a.b]` or `[[a.b]]` line. */
export interface TomlHeader {
  /** The parts of its key. */
  readonly keys: readonly TomlScalar[];
  readonly isArray: boolean;
  readonly start: number;
  readonly end: number;
}

export interface TomlDocument extends SourceDocument {
  readonly root: TomlTable;
  /** The table headers in the order of the text. */
  readonly headers: readonly TomlHeader[];
}
