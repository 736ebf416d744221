import type { Finding } from '../check/finding.ts';
import type { ImageParts, ImageUse } from '../manifest/imageUse.ts';
import type { Location } from '../source/location.ts';
import type { Report } from './report.ts';
import { countBySeverity } from './verdict.ts';
import { writeJson } from './writeJson.ts';

/** Grows when a reader of an older version could misread the report; new properties alone do not change it. */
const schemaVersion = 1;

/** The report as JSON, as `schema/report.schema.json` describes it. Ends with a line break. */
export function formatJson(report: Report): string {
  return writeJson(describeReport(report));
}

function describeReport(report: Report): unknown {
  return {
    schemaVersion,
    tool: report.tool,
    ...(report.registriesFile === undefined ? {} : { registries: report.registriesFile }),
    ...(report.changedSince === undefined ? {} : { changedSince: report.changedSince }),
    summary: { ...countBySeverity(report.findings), ignored: report.ignored, ...report.statistics },
    nodes: report.nodes,
    findings: describeFindings(report.findings),
    images: report.images.map(describeImageUse),
    matrix: report.matrix,
    rendered: [...report.rendered.keys()].sort(),
  };
}

/** Names of nodes in all findings together, up to which every finding lists all of its own. */
const maxNodeNames = 200_000;

/** Names that a finding lists where they are too many altogether. */
const fewNodeNames = 20;

function describeFindings(findings: readonly Finding[]): unknown[] {
  const names = findings.reduce((sum, { nodes }) => sum + (nodes?.length ?? 0), 0);
  if (names <= maxNodeNames) return findings.map(describeFinding);
  return findings.map((finding) => {
    const more = (finding.nodes?.length ?? 0) - fewNodeNames;
    if (!finding.nodes || more <= 0) return describeFinding(finding);
    return {
      ...describeFinding({ ...finding, nodes: finding.nodes.slice(0, fewNodeNames) }),
      moreNodes: more,
    };
  });
}

/** A finding as the reports in JSON have it. */
export function describeFinding({
  check,
  severity,
  message,
  location,
  nodes,
  image,
  related,
  fix,
}: Finding): object {
  const [node, ...others] = nodes ?? [];
  return {
    check,
    severity,
    message,
    ...describeRange(location),
    ...(node !== undefined && others.length === 0 ? { node } : {}),
    ...(nodes === undefined ? {} : { nodes }),
    ...(image === undefined ? {} : { image }),
    ...(related === undefined
      ? {}
      : { related: related.map((place) => ({ message: place.message, ...describeRange(place.location) })) }),
    ...(fix === undefined ? {} : { fix: describeFix(fix) }),
  };
}

/** A fix as the reports in JSON have it. */
export function describeFix({ message, edit }: NonNullable<Finding['fix']>): unknown {
  if (edit === undefined) return { message };
  return { message, edit: { ...describeRange(edit.location), replacement: edit.replacement } };
}

/** One place that names an image, as the reports print it. */
export function describeImageUse({
  text,
  location,
  status,
  confidence,
  from,
  field,
  pulledBy,
  parts,
  builtBy,
  workload,
  invalid,
}: ImageUse): object {
  return {
    image: text,
    ...describeStart(location),
    status,
    confidence,
    from,
    field,
    pulledBy,
    ...(parts === undefined ? {} : { parts: describeParts(parts) }),
    ...(builtBy === undefined ? {} : { builtBy }),
    workload: workload === undefined ? null : describeWorkload(workload),
    ...(invalid === undefined ? {} : { invalid }),
  };
}

function describeParts(parts: ImageParts): unknown {
  return Object.fromEntries(Object.entries(parts).map(([part, location]) => [part, describeStart(location)]));
}

function describeWorkload({ kind, name, namespace }: NonNullable<ImageUse['workload']>): unknown {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Where something begins, as the reports in JSON have it. */
export function describeStart({ file, start }: Location): object {
  return { file, line: start.line, column: start.column };
}

/** A place as the reports in JSON have it. */
export function describeRange(location: Location): object {
  return { ...describeStart(location), endLine: location.end.line, endColumn: location.end.column };
}
