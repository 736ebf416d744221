import { configFeatures, configVersions, pauseImages } from './configProfile.ts';
import {
  features,
  goTomlReleases,
  httpsFirstRules,
  localhostDefaults,
  referenceGrammars,
} from './profile.ts';
import { lines, pick, type Alternatives, type Feature, type Line } from './release.ts';
import { requestFeatures } from './requestProfile.ts';

/** A row of the table of what is emulated. */
export interface FeatureRow {
  readonly description: string;
  readonly source: string;
  /** `yes`, `no`, `from 1.6.17` or values, by release line. */
  readonly cells: ReadonlyMap<Line, string>;
}

/** What is emulated, by release line: the profiles as a table for people. */
export function featureTable(): readonly FeatureRow[] {
  const switches: readonly Feature[] = [
    ...Object.values(configFeatures),
    ...Object.values(features),
    ...Object.values(requestFeatures),
  ];
  return [
    alternativesRow(configVersions, ({ versions, registryVersions }) => {
      const lost = versions.filter((version) => !registryVersions.includes(version));
      return `${versions.join(', ')}${lost.length > 0 ? ` (registry settings of ${lost.join(', ')} are lost)` : ''}`;
    }),
    alternativesRow(pauseImages, String),
    alternativesRow(referenceGrammars, String),
    alternativesRow(localhostDefaults, String),
    alternativesRow(httpsFirstRules, String),
    alternativesRow(goTomlReleases, String),
    ...switches.map(featureRow),
  ];
}

function featureRow({ description, source, since }: Feature): FeatureRow {
  const choices: Alternatives<string>['choices'] = [
    ['yes', since],
    ['no', [{ line: '1.5', from: 0 }]],
  ];
  return alternativesRow({ description, source, choices }, String);
}

function alternativesRow<T>(
  { description, source, choices }: Alternatives<T>,
  print: (value: T) => string,
): FeatureRow {
  const cells = lines.map((line): [Line, string] => [line, cell(line, choices, print)]);
  return { description, source, cells: new Map(cells) };
}

/** The values of a release line in the order in which they came. */
function cell<T>(line: Line, choices: Alternatives<T>['choices'], print: (value: T) => string): string {
  const named = choices.flatMap(([, since]) => since.filter((entry) => entry.line === line));
  const patches = [...new Set([0, ...named.map(({ from }) => from)])].sort((a, b) => a - b);
  const parts: string[] = [];
  let last: string | undefined;
  for (const patch of patches) {
    const value = print(pick({ line, patch }, choices));
    if (value === last) continue;
    parts.push(patch === 0 ? value : `${value} from ${line}.${patch}`);
    last = value;
  }
  return shorten(parts);
}

/** A feature that came with a patch needs no word for the time before. */
function shorten(parts: readonly string[]): string {
  const [first, second, ...rest] = parts;
  if (first === 'no' && second !== undefined && rest.length === 0) return second.replace(/^yes /, '');
  return parts.join('; ');
}
