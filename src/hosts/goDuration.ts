import { quote } from './goText.ts';

/** A duration in milliseconds, or the text of Go's error. */
export type GoDurationResult =
  { readonly ok: true; readonly milliseconds: number } | { readonly ok: false; readonly error: string };

const millisecondsOf: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['\u00B5s', 1e-3],
  ['\u03BCs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
const maxMilliseconds = 2 ** 63 / 1e6;

/** Reads a duration as Go writes them: `200ms`, `1h30m`, `-1.5s`, `0`. */
// Go time ParseDuration
export function parseGoDuration(text: string): GoDurationResult {
  const sign = text.startsWith('-') ? -1 : 1;
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return { ok: true, milliseconds: 0 };
  const invalid: GoDurationResult = { ok: false, error: `time: invalid duration ${quote(text)}` };
  if (unsigned === '') return invalid;
  let total = 0;
  for (let rest = unsigned; rest !== '';) {
    const [amount = ''] = /^\d*(?:\.\d*)?/.exec(rest) ?? [];
    if (!/\d/.test(amount)) return invalid;
    const [unit = ''] = /^[^.\d]*/.exec(rest.slice(amount.length)) ?? [];
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${quote(text)}` };
    const milliseconds = millisecondsOf.get(unit);
    if (milliseconds === undefined) {
      return { ok: false, error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    }
    total += Number(amount) * milliseconds;
    if (total >= maxMilliseconds) return invalid;
    rest = rest.slice(amount.length + unit.length);
  }
  return { ok: true, milliseconds: sign * total };
}
