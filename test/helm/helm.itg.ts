import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { after, describe, it } from 'node:test';
import type { BuildJob } from '../../src/manifest/build.ts';
import type { ImageUse } from '../../src/manifest/imageUse.ts';
import { LineIndex } from '../../src/source/lineIndex.ts';
import type { Location } from '../../src/source/location.ts';
import { helmVersions, missingHelm, type HelmVersion } from './helmPrograms.ts';
import { discoverWithHelm } from './render.ts';

const fixture = join(import.meta.dirname, 'fixtures', 'shop');
const scratch = mkdtempSync(join(tmpdir(), 'mirrorproof-helm-'));
after(() => rmSync(scratch, { recursive: true }));

/** A folder with `repos`: real repositories, some of them with charts. */
const corpus = process.env['MIRRORPROOF_CORPUS'] ?? '';

// All at once, before the first suite: what comes after it has ended would run without its folders.
const versions = await Promise.all(
  helmVersions.map(async (version) => ({ version, skip: await missingHelm(version) })),
);

for (const { version, skip } of versions) {
  describe(`helm ${version}`, { skip, timeout: 600_000 }, () => {
    it('renders the charts and finds the line that decides each image', async () => {
      const { uses, buildProblems } = await discoverWithHelm(fixture, version);
      const shown = uses.filter(({ from, builtBy }) => from === 'chartValues' || builtBy).map(describeUse);
      const problems = buildProblems.map(
        ({ kind, location, message }) => `${kind} ${placeOf(location)} ${message}`,
      );
      assertGolden(join(import.meta.dirname, 'fixtures', 'shop.expected.txt'), [...shown, ...problems]);
    });

    it('names places that change the image when they are edited', async () => {
      await assertEditsCount(fixture, version);
    });

    for (const name of ['metrics-server', 'longhorn', 'microservices-demo', 'rook']) {
      const folder = join(corpus, 'repos', name);
      it(
        `does so in ${name}`,
        { skip: corpus === '' && 'MIRRORPROOF_CORPUS names no corpus of real repositories' },
        async () => {
          await assertEditsCount(folder, version);
        },
      );
    }
  });
}

/** Edits every place that an image is mapped back to, one after the other, and looks whether the image changes. */
async function assertEditsCount(original: string, version: HelmVersion): Promise<void> {
  const folder = mkdtempSync(join(scratch, 'edit-'));
  cpSync(original, folder, { recursive: true });
  const { uses } = await discoverWithHelm(folder, version);
  const rendered = uses.filter(isOfChart);
  assert.ok(rendered.length > 0);
  const places = new Map<string, Location>();
  for (const { location, parts } of rendered) {
    for (const place of [location, ...Object.values(parts ?? {})]) places.set(placeOf(place), place);
  }
  for (const [key, place] of places) {
    const made = rendered.filter(({ location, parts }) =>
      [location, ...Object.values(parts ?? {})].some((one) => placeOf(one) === key),
    );
    const charts = new Set(made.flatMap(({ builtBy }) => builtBy ?? []));
    const file = join(folder, place.file);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, edit(before, place));
    // Without the runs with marks: only what comes out counts here.
    const isWanted = (job: BuildJob): boolean =>
      charts.has(posix.join(job.folder, 'Chart.yaml')) && !job.id.includes('#');
    const edited = await discoverWithHelm(folder, version, {}, isWanted);
    writeFileSync(file, before);
    const others = edited.uses.filter(isOfChart);
    const identities = new Set(others.map(identityOf));
    const texts = new Set(others.map((use) => `${identityOf(use)} ${use.text}`));
    for (const use of made) {
      assert.ok(identities.has(identityOf(use)), `${use.text} is gone when ${key} is edited`);
      assert.ok(!texts.has(`${identityOf(use)} ${use.text}`), `${key} does not decide ${use.text}`);
    }
  }
}

function isOfChart({ builtBy }: ImageUse): boolean {
  return builtBy?.some((file) => file.endsWith('Chart.yaml')) ?? false;
}

/** Another value, with the same form. */
function edit(source: string, { start, end }: Location): string {
  const lines = new LineIndex(source);
  const from = lines.offset(start);
  const to = lines.offset(end);
  const text = source.slice(from, to);
  const hash = /[0-9a-f]{64}/.exec(text)?.[0];
  const other = hash
    ? text.replace(hash, `${hash.slice(0, -1)}${hash.endsWith('e') ? 'd' : 'e'}`)
    : `${text}${/\d$/.test(text) ? '7' : 'x'}`;
  return source.slice(0, from) + other + source.slice(to);
}

function identityOf({ workload, field, hook }: ImageUse): string {
  return [workload?.kind, workload?.namespace, workload?.name, field, hook].join(' ');
}

function placeOf({ file, start }: Location): string {
  return `${file}:${start.line}:${start.column}`;
}

function describeUse(use: ImageUse): string {
  const parts = Object.entries(use.parts ?? {}).map(([part, place]) => `    ${part} ${placeOf(place)}`);
  const signs = [use.status, use.confidence, use.from, `pulled by ${use.pulledBy.join() || 'nobody'}`];
  const workload = use.workload
    ? [`${use.workload.kind} ${use.workload.name} at ${placeOf(use.workload.location)}`]
    : [];
  const lines = [
    `${placeOf(use.location)} ${use.text}`,
    `    ${[...signs, ...(use.hook ? [`hook ${use.hook}`] : [])].join(', ')}`,
    ...workload.map((line) => `    ${line}`),
    ...(use.builtBy ? [`    built by ${use.builtBy.join(', ')}`] : []),
    ...parts,
  ];
  return lines.join('\n');
}

function assertGolden(file: string, lines: readonly string[]): void {
  const text = `${lines.join('\n')}\n`;
  if (process.env['UPDATE_EXPECTED']) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}
