import { groupBy } from '../source/groupBy.ts';
import type { Finding } from '../check/finding.ts';
import { listNames, onNodes } from '../check/people.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import { plural } from '../report/plural.ts';
import type { Related } from '../source/fix.ts';
import { startOfFile, type Location } from '../source/location.ts';
import type { Proof, PlannedPull } from './proof.ts';
import { verdictOf, type ProofRun } from './summary.ts';

/** A finding, and the proofs that it stands for; none where a control makes all of them worthless. */
export interface ProofFinding {
  readonly finding: Finding;
  readonly proofs: readonly Proof[];
}

/**
 * What a run found out, as findings on the lines that it comes from, worst first: one for all pulls that fail for one reason, and
 * one for all that could not be tried for one. What is proved is no finding.
 */
export function proofFindings(run: ProofRun): readonly ProofFinding[] {
  if (verdictOf(run) === 'worthless') return worthless(run).map((finding) => ({ finding, proofs: [] }));
  const refuted = run.proofs.filter(({ outcome }) => outcome.status === 'refuted');
  const inconclusive = run.proofs.filter(({ outcome }) => outcome.status === 'inconclusive');
  return [
    ...groups(refuted, causeKey).map((proofs) => ({ finding: refutedFinding(proofs), proofs })),
    ...groups(inconclusive, reasonOf).map((proofs) => ({ finding: inconclusiveFinding(proofs), proofs })),
  ];
}

type Group = readonly [Proof, ...Proof[]];

function groups(proofs: readonly Proof[], keyOf: (proof: Proof) => string): readonly Group[] {
  return [...groupBy(proofs, keyOf).values()];
}

function causeKey({ outcome, diagnosis }: Proof): string {
  const error = outcome.status === 'refuted' ? outcome.error : '';
  const { cause, location, message, fix } = diagnosis ?? {};
  return JSON.stringify(
    cause === undefined || cause === 'unknown' ? [error] : [cause, location, message, fix?.message],
  );
}

function refutedFinding(proofs: Group): Finding {
  const [{ outcome, diagnosis, pull, runtime = 'the runtime' }] = proofs;
  const error = outcome.status === 'refuted' ? outcome.error : '';
  const meaning = isKnown(diagnosis) ? explain(diagnosis) : shorten(error);
  const { location = placeOf(pull) } = diagnosis ?? {};
  return {
    check: 'refuted-pull',
    severity: 'error',
    message: `${runtime} cannot pull ${images(proofs)}${onNodes(nodes(proofs))}: ${meaning}`,
    location,
    nodes: nodes(proofs),
    ...onlyImage(proofs),
    ...related([...(diagnosis?.related ?? []), ...otherPlaces(proofs, location)]),
    ...(diagnosis?.fix && { fix: diagnosis.fix }),
  };
}

function isKnown(diagnosis: Diagnosis | undefined): diagnosis is Diagnosis {
  return diagnosis !== undefined && diagnosis.cause !== 'unknown';
}

/** The reason that a check gives is a sentence; any other only says what stands at the place. */
function explain({ message, check, reason }: Diagnosis): string {
  return check === undefined || reason === undefined ? message : `${message}, because ${reason}`;
}

/** UTF-16 code units of an error that is printed; proofs have all of it. */
const maxError = 700;

export function shorten(error: string): string {
  return error.length <= maxError ? error : `${error.slice(0, maxError).toWellFormed()} ...`;
}

function reasonOf({ outcome }: Proof): string {
  return outcome.status === 'inconclusive' ? outcome.reason : '';
}

function inconclusiveFinding(proofs: Group): Finding {
  const [first] = proofs;
  const location = placeOf(first.pull);
  return {
    check: 'inconclusive-pull',
    severity: 'warning',
    message: `nobody knows whether ${images(proofs)} can be pulled${onNodes(nodes(proofs))}: ${shorten(reasonOf(first))}`,
    location,
    nodes: nodes(proofs),
    ...onlyImage(proofs),
    ...related(otherPlaces(proofs, location)),
  };
}

function worthless({ controls, engine }: ProofRun): readonly Finding[] {
  const [failed] = controls.filter(({ isSound }) => !isSound);
  if (!failed) return [];
  const { pull, text } = failed;
  return [
    {
      check: 'worthless-proof',
      severity: 'error',
      message: `nothing that ${engine} proved here means anything: the control with \`${pull.image}\`${onNodes(pull.nodes)}: ${text}`,
      location: placeOf(pull),
      nodes: pull.nodes,
      image: pull.image,
    },
  ];
}

function placeOf({ uses }: PlannedPull): Location {
  return uses[0]?.location ?? startOfFile('registries.yaml');
}

function images(proofs: Group): string {
  return listNames([...new Set(proofs.map(({ pull }) => `\`${pull.image}\``))]);
}

function nodes(proofs: Group): readonly string[] {
  return [...new Set(proofs.flatMap(({ pull }) => pull.nodes))];
}

function onlyImage(proofs: Group): { readonly image?: string } {
  const names = new Set(proofs.map(({ pull }) => pull.image));
  const [image] = names;
  return names.size === 1 && image !== undefined ? { image } : {};
}

function related(places: readonly Related[]): Pick<Finding, 'related'> {
  return places.length === 0 ? {} : { related: places };
}

/** Places of images that a finding names; more of them are in the proofs. */
const maxPlaces = 3;

function otherPlaces(proofs: Group, shown: Location): readonly Related[] {
  const places = proofs.flatMap(({ pull }) =>
    pull.uses.map(({ location }) => ({ message: `\`${pull.image}\` is named here`, location })),
  );
  const distinct = [...groupBy(places, placeKey).values()].map(([first]) => first);
  const others = distinct.filter(({ location }) => !isSameLine(location, shown));
  const more = others.length - maxPlaces;
  return others
    .slice(0, maxPlaces)
    .map((place, index) =>
      index === maxPlaces - 1 && more > 0
        ? { ...place, message: `${place.message}, and in ${plural(more, 'other place')}` }
        : place,
    );
}

function placeKey({ message, location: { file, start } }: Related): string {
  return JSON.stringify([message, file, start]);
}

function isSameLine(a: Location, b: Location): boolean {
  return a.file === b.file && a.start.line === b.start.line;
}
