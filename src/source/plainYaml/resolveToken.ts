import { CST } from 'yaml';
import { notPlain } from './notPlain.ts';

/** The text that a scalar with escapes or in a block stands for, as the whole reader finds it. */
export function resolveToken(token: CST.FlowScalar | CST.BlockScalar): string {
  const resolved = CST.resolveAsScalar(token, true, () => {
    throw notPlain;
  });
  if (!resolved?.value.isWellFormed()) throw notPlain;
  return resolved.value;
}
