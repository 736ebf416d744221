import type { ImageUse } from '../manifest/imageUse.ts';
import type { Finding } from '../check/finding.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import type { Reference } from '../reference/reference.ts';
import type { Registries } from '../registries/registries.ts';

/** What of an analysed repository a diagnosis looks at: the result of `analyse()` is one. */
export interface DiagnosedRepository {
  readonly registries: Registries;
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  readonly report: { readonly findings: readonly Finding[]; readonly images: readonly ImageUse[] };
}

/** What is known of an error from elsewhere than its text. */
export interface DiagnosisHint {
  /** Name of the node that the error is from. */
  readonly node?: string;
  /** The image that was pulled. */
  readonly reference?: Reference;
  /** The same as it is written, where the text names none. */
  readonly image?: string;
}
