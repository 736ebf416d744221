import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { runBuilds } from '../../src/build/runBuilds.ts';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import { readFolder } from '../../src/files/folder.ts';
import { writeFolder } from '../../src/files/writeFolder.ts';
import type { ImageUse } from '../../src/manifest/imageUse.ts';
import { compareLocations, type Location } from '../../src/source/location.ts';
import { goProgramFolder, kustomizeProgram } from '../support/goPrograms.ts';
import { fixtures } from './fixtures.ts';

/** A user of an image, whatever the image is: what makes it, and where in which object it stands. */
function userOf({ builtBy, workload, field }: ImageUse): string {
  return JSON.stringify([builtBy, workload?.kind, workload?.name, field]);
}

suite('each place that kustomize was said to take an image from', { timeout: 600_000 }, () => {
  let program: string | undefined;
  let folder = '';
  before(async () => {
    program = await goProgramFolder(kustomizeProgram);
    folder = await mkdtemp(join(tmpdir(), 'mirrorproof-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** The images that kustomize makes of a folder, or of some kustomizations in it. */
  async function build(root: string, builders?: ReadonlySet<string>): Promise<readonly ImageUse[]> {
    const files = readFolder(root);
    const jobs = planBuilds(files).filter(
      ({ program: name, id }) => name === 'kustomize' && (builders?.has(id.split(' ')[1] ?? '') ?? true),
    );
    const outputs = await runBuilds(root, jobs, { path: `${program ?? ''}:/usr/bin:/bin` });
    for (const [id, output] of outputs) assert.ok(output.ok, `${id}: ${output.ok ? '' : output.reason}`);
    const { uses } = discover(files, { outputs });
    const roots = new Set(jobs.map(({ id }) => id.split(' ')[1]));
    return uses.filter(
      ({ builtBy, pulledBy }) => pulledBy.length > 0 && builtBy?.some((one) => roots.has(one)),
    );
  }

  /** Changes what stands at some places, and gives the texts that each user has then. */
  async function imagesAfterEdit(
    root: string,
    places: readonly UsedPlace[],
  ): Promise<ReadonlyMap<string, string>> {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(root, copy, { recursive: true });
    // From the last one on: those in front of a change stay where they are.
    const backwards = places.map(({ place }) => place).toSorted((a, b) => compareLocations(b, a));
    for (const place of backwards) {
      const path = join(copy, place.file);
      await writeFile(path, edit(await readFile(path, 'utf8'), place));
    }
    const builders = new Set(places.flatMap(({ users }) => users).flatMap(({ builtBy }) => builtBy ?? []));
    const uses = await build(copy, builders);
    await rm(copy, { recursive: true });
    return imagesByUser(uses);
  }

  async function checkPlaces(root: string, places: readonly UsedPlace[]): Promise<void> {
    const images = await imagesAfterEdit(root, places);
    for (const { place, users } of places) {
      const where = `${place.file}:${place.start.line}:${place.start.column}`;
      for (const use of users) {
        for (const user of usersOf(use)) {
          assert.notEqual(images.get(user), use.text, `${use.text} does not come from ${where}`);
          assert.ok(images.has(user), `${user} is gone after a change of ${where}`);
        }
      }
    }
  }

  for (const [name, files] of Object.entries(fixtures)) {
    test(name, async (context) => {
      if (program === undefined) return context.skip('there is no Go to build kustomize with');
      const root = await mkdtemp(join(folder, 'repository-'));
      writeFolder(root, new Map(Object.entries(files)));
      const places = placesOf(await build(root));
      assert.ok(places.length > 0);
      for (const place of places) await checkPlaces(root, [place]);
    });
  }

  // A folder with repositories of other people, for whoever has one.
  const { MIRRORPROOF_CORPUS: corpus = '' } = process.env;
  const repositories = corpus === '' ? [] : readdirSync(join(corpus, 'repos'));
  for (const name of repositories) {
    test(`${name} of MIRRORPROOF_CORPUS`, async (context) => {
      if (program === undefined) return context.skip('there is no Go to build kustomize with');
      const root = join(corpus, 'repos', name);
      const places = placesOf(await build(root));
      for (const independent of withoutCommonUsers(places)) await checkPlaces(root, independent);
      context.diagnostic(`${places.length} places`);
    });
  }
});

/** A place in the sources, and the images that are said to come from it. */
interface UsedPlace {
  readonly place: Location;
  readonly users: ImageUse[];
}

function placesOf(uses: readonly ImageUse[]): readonly UsedPlace[] {
  const places = new Map<string, UsedPlace>();
  for (const use of uses) {
    for (const place of [use.location, ...Object.values(use.parts ?? {})]) {
      const key = JSON.stringify(place);
      const known = places.get(key);
      if (known) known.users.push(use);
      else places.set(key, { place, users: [use] });
    }
  }
  return [...places.values()];
}

/** Groups of places that can be changed at once: no image comes from two of a group. */
function withoutCommonUsers(places: readonly UsedPlace[]): readonly (readonly UsedPlace[])[] {
  const groups: { readonly places: UsedPlace[]; readonly users: Set<string> }[] = [];
  for (const place of places) {
    const users = place.users.flatMap(usersOf);
    const group = groups.find((one) => !users.some((user) => one.users.has(user)));
    if (group) {
      group.places.push(place);
      for (const user of users) group.users.add(user);
    } else groups.push({ places: [place], users: new Set(users) });
  }
  return groups.map((group) => group.places);
}

function usersOf(use: ImageUse): readonly string[] {
  return (use.builtBy ?? []).map((builder) => userOf({ ...use, builtBy: [builder] }));
}

function imagesByUser(uses: readonly ImageUse[]): ReadonlyMap<string, string> {
  return new Map(uses.flatMap((use) => usersOf(use).map((user) => [user, use.text] as const)));
}

/** Another character at the end of what stands there: a digest stays one, a name is another one. */
function edit(text: string, { start, end }: Location): string {
  const lines = text.split('\n');
  const line = lines[start.line - 1] ?? '';
  assert.equal(start.line, end.line, 'a place within one line');
  const value = line.slice(start.column - 1, end.column - 1);
  assert.match(value, /[a-z0-9}]$/i, 'what stands there ends as an image or a part of one does');
  const changed = /[0-9a-f]{64}$/.test(value)
    ? `${value.slice(0, -1)}${value.endsWith('e') ? 'f' : 'e'}`
    : `${value}x`;
  lines[start.line - 1] = line.slice(0, start.column - 1) + changed + line.slice(end.column - 1);
  return lines.join('\n');
}
