import type { Mismatch2 } from '../hosts/goToml.ts';
import type { ConfigEntry } from './configTable.ts';

/** A value that has the wrong type, and the error with which containerd ends because of it. */
export interface Mismatch {
  readonly entry: ConfigEntry;
  readonly error: string;
  /** Where containerd says that it is, besides: version 2 does, for some errors. */
  readonly at?: Mismatch2['at'];
  /** containerd panics over it. */
  readonly isPanic?: boolean;
}
