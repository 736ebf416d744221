import { listNames } from '../check/people.ts';
import type { Confidence, ImageUse, Puller } from '../manifest/imageUse.ts';
import { planPulls } from '../pull/planPulls.ts';
import type { NodeCase } from '../pull/pull.ts';
import { familiarName, formatReference, parseReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';
import { suggest } from '../source/suggest.ts';
import { describeImageUse } from './json.ts';
import { plural } from './plural.ts';
import { place } from './text.ts';
import { logLine } from './workflowCommand.ts';
import { writeJson } from './writeJson.ts';

/** A place that names an image, and the nodes that pull the image for it. */
export interface TracedUse {
  readonly use: ImageUse;
  readonly nodes: readonly string[];
}

/** An image with every place that names it. */
export interface TracedImage {
  /** In full; as written where it is not resolved, or no valid reference. */
  readonly image: string;
  readonly uses: readonly TracedUse[];
}

/**
 * Finds the images that somebody means by a name, sorted: in full, as people shorten it, or as it is written. Without tag and
 * digest it means all of them.
 */
export function traceImages(
  wanted: string,
  uses: readonly ImageUse[],
  cases: readonly NodeCase[],
): readonly TracedImage[] {
  const isWanted = imageMatcher(wanted);
  const nodesOf = nodesFinder(cases);
  const byImage = new Map<string, TracedUse[]>();
  for (const use of uses.filter(isWanted)) {
    const image = use.reference ? formatReference(use.reference) : use.text;
    const traced = byImage.get(image) ?? [];
    byImage.set(image, traced);
    traced.push({ use, nodes: nodesOf(use) });
  }
  return [...byImage]
    .map(([image, found]) => ({ image, uses: found }))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}

function imageMatcher(wanted: string): (use: ImageUse) => boolean {
  const parsed = parseReference(wanted);
  const reference = parsed.ok ? parsed.reference : undefined;
  const isExact = hasVersion(wanted);
  return (use) => {
    if (use.text === wanted) return true;
    if (!use.reference || !reference) return !isExact && !use.reference && use.text.startsWith(`${wanted}:`);
    const isSameRepository = repositoryOf(use.reference) === repositoryOf(reference);
    return (
      isSameRepository &&
      (!isExact || (use.reference.tag === reference.tag && use.reference.digest === reference.digest))
    );
  };
}

/** True for a name with a tag or a digest. */
function hasVersion(image: string): boolean {
  return image.includes('@') || image.slice(image.lastIndexOf('/') + 1).includes(':');
}

function repositoryOf({ domain, path }: Reference): string {
  return formatReference({ domain, path });
}

/** Uses of the same placement are worked out once. */
function nodesFinder(cases: readonly NodeCase[]): (use: ImageUse) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (use) => {
    const { confidence, pulledBy, onlyNodes, workload, reference } = use;
    const key = JSON.stringify([confidence, pulledBy, onlyNodes, workload?.placement, !reference]);
    const nodes =
      known.get(key) ?? planPulls(cases, [use]).flatMap((pull) => pull.nodes.map(({ node }) => node.name));
    known.set(key, nodes);
    return nodes;
  };
}

/** As many names are compared letter by letter. */
const maxCompared = 500;

/** The images that somebody may have meant by a name that none has; the names are as people write them. */
export function nearestImages(wanted: string, uses: readonly ImageUse[]): readonly string[] {
  const names = [
    ...new Set(
      uses.map(({ reference, text }) =>
        reference ? familiarName({ domain: reference.domain, path: reference.path }) : text,
      ),
    ),
  ].sort();
  const name = withoutVersion(wanted);
  const others = names.filter((known) => name === known || lastPart(known) === lastPart(name));
  if (others.length > 0) return others.slice(0, 3);
  const near = names.filter((known) => Math.abs(known.length - name.length) <= 1 + name.length / 3);
  const meant = suggest(name, near.slice(0, maxCompared));
  return meant === undefined ? [] : [meant];
}

function withoutVersion(image: string): string {
  const [name = ''] = image.split('@');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name : name.slice(0, colon);
}

function lastPart(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1);
}

/** The trace as JSON. Ends with a line break. */
export function formatTraceJson(wanted: string, images: readonly TracedImage[]): string {
  const described = images.map(({ image, uses }) => ({
    image,
    uses: uses.map(({ use, nodes }) => ({ ...describeImageUse(use), nodes })),
  }));
  return writeJson({ why: wanted, images: described });
}

/** The trace for a person at a terminal. Ends with a line break. */
export function formatTrace(images: readonly TracedImage[]): string {
  const blocks = images.map(({ image, uses }) =>
    [`${image} is named in ${plural(uses.length, 'place')}`, ...uses.flatMap(describeUse)]
      .map((line) => `${logLine(line)}\n`)
      .join(''),
  );
  return blocks.join('\n');
}

function describeUse({ use, nodes }: TracedUse): readonly string[] {
  const { location, text, from, field, workload, builtBy, parts } = use;
  const namespace = workload?.namespace === undefined ? '' : ` in the namespace ${workload.namespace}`;
  const owner = workload ? ` of ${workload.kind}/${workload.name}${namespace}` : '';
  const where = field === '' ? '' : `, at ${field}`;
  return [
    `  ${place(location)}  ${text}`,
    `     ${sourceNames[from]}${owner}${where}${confidenceNotes[use.confidence]}`,
    ...(builtBy && builtBy.length > 0 ? [`     made by ${listNames(builtBy)}`] : []),
    ...Object.entries(parts ?? {}).map(([part, at]) => `     its ${part} is at ${place(at)}`),
    `     ${describePullers(use, nodes)}`,
  ];
}

const sourceNames: Readonly<Record<ImageUse['from'], string>> = {
  container: 'container',
  initContainer: 'init container',
  ephemeralContainer: 'ephemeral container',
  imageVolume: 'image volume',
  customResource: 'field of a custom resource',
  chartValues: 'values of a Helm chart',
  kustomization: 'kustomization',
  environment: 'environment variable',
  argument: 'argument',
  configMap: 'ConfigMap',
  nodeConfig: 'the settings of a node',
  annotation: 'annotation',
  imageList: 'images of registries.yaml',
  sandbox: 'sandbox of every Pod',
};

const confidenceNotes: Readonly<Record<Confidence, string>> = {
  certain: '',
  likely: '; most likely an image',
  possible: '; a text that looks like an image, and is not judged as one',
};

const pullerNames: Readonly<Record<Puller, string>> = {
  node: 'nodes',
  controller: 'a controller in the cluster',
  builder: 'a program in a Pod',
  runner: 'the machine that runs CI',
};

function describePullers(
  { status, invalid, pulledBy, confidence }: ImageUse,
  nodes: readonly string[],
): string {
  if (pulledBy.length === 0) return 'pulled by nobody: something else takes its place';
  const others = pulledBy.filter((puller) => puller !== 'node').map((puller) => pullerNames[puller]);
  if (!pulledBy.includes('node')) return `pulled by ${others.join(' and ')}, not by nodes`;
  if (status === 'unresolved') return 'not known yet: something in it is still to be filled in';
  if (invalid !== undefined) return `pulled by nobody: ${invalid}`;
  if (confidence === 'possible') return 'pulled by nodes if it is one';
  const onNodes = nodes.length === 0 ? 'no node: none fits its placement' : nodesText(nodes);
  return `pulled by ${[onNodes, ...others].join(' and ')}`;
}

function nodesText(nodes: readonly string[]): string {
  return `the node${nodes.length === 1 ? '' : 's'} ${listNames(nodes)}`;
}
