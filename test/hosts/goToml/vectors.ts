import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoTomlRelease } from '../../../src/hosts/goToml/goTomlRelease.ts';

/** What a release of go-toml says about a text; nothing where it reads it. */
export interface Answer {
  readonly error?: string;
  /** The place that version 2 tells. */
  readonly row?: number;
  readonly column?: number;
  /** With what the library panics. */
  readonly panic?: string;
}

export interface Vector {
  readonly text: string;
  readonly answers: Readonly<Record<GoTomlRelease, Answer>>;
}

/** See `oracle/README.md`. */
export const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'vectors.json'), 'utf8'),
) as readonly Vector[];
