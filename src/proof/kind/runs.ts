import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGone, nameOwner } from './owner.ts';
import { ToolError, Tools } from './tools.ts';

/** Everything that a run makes has its id in its name or in a label. */
export interface KindRun {
  readonly id: string;
  /** Of the cluster and of its network. */
  readonly name: string;
  readonly registry: string;
  /** The run's own files. */
  readonly folder: string;
  /** For `docker ... create`. */
  readonly labels: readonly string[];
}

const labels = {
  run: 'io.mirrorproof.run',
  owner: 'io.mirrorproof.owner',
  kept: 'io.mirrorproof.kept',
} as const;
// kind pkg/cluster/internal/providers/docker/constants.go clusterLabelKey
const clusterLabel = 'io.x-k8s.kind.cluster';
const namePrefix = 'mirrorproof-';
const folderPrefix = 'mirrorproof-kind-';

/** An id that no other run has, wherever it is. */
export function newRunId(): string {
  return randomBytes(4).toString('hex');
}

function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}

/** The names of all that a run makes. One that is kept is nobody's to clean up but its user's. */
export function nameRun(id: string, isKept: boolean): KindRun {
  if (!isRunId(id)) throw new Error(`${id} is no id of a run`);
  const name = `${namePrefix}${id}`;
  const values = [`${labels.run}=${id}`, `${labels.owner}=${nameOwner()}`, `${labels.kept}=${isKept}`];
  return {
    id,
    name,
    registry: `${name}-registry`,
    folder: join(tmpdir(), `${folderPrefix}${id}`),
    labels: values.flatMap((value) => ['--label', value]),
  };
}

/** Makes the folder of a run, which no other user of the machine can read. */
export async function makeFolder({ folder }: KindRun, isKept: boolean): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'owner'), `${nameOwner()} ${isKept}`);
}

/**
 * Removes all that a run has made, by its id: containers, networks, files. Nothing that has not this id.
 *
 * @throws ToolError where something cannot be removed
 */
export async function removeRun(id: string, tools: Tools): Promise<void> {
  const { name, folder } = nameRun(id, false);
  const own = `label=${labels.run}=${id}`;
  const ofKind = `label=${clusterLabel}=${name}`;
  // kind makes it anew where it is gone, without a label.
  const byName = `name=^${name}$`;
  let failure: unknown;
  // A container that was asked for before the run ended may come a moment later.
  for (let round = 0, quiet = 0; quiet < 2; round += 1) {
    if (round === maxRounds)
      throw new ToolError(`not all of the run ${id} could be removed`, { cause: failure });
    const containers = await list(tools, ['ps', '--all', '--quiet', '--no-trunc'], [own, ofKind]);
    const networks = await list(tools, ['network', 'ls', '--quiet', '--no-trunc'], [own, byName]);
    quiet = containers.length + networks.length === 0 ? quiet + 1 : 0;
    const ignore = (error: unknown): void => {
      // It may be gone by now, or go with the next round.
      failure = error;
    };
    await Promise.all(
      containers.map((each) => tools.call('docker', ['rm', '--force', '--volumes', each]).catch(ignore)),
    );
    if (networks.length > 0) await tools.call('docker', ['network', 'rm', ...networks]).catch(ignore);
    if (quiet < 2) await sleep(200);
  }
  await rm(folder, { recursive: true, force: true });
}

const maxRounds = 30;

async function list(
  tools: Tools,
  command: readonly string[],
  filters: readonly string[],
): Promise<readonly string[]> {
  const lists = filters.map((filter) => tools.call('docker', [...command, '--filter', filter]));
  const ids = (await Promise.all(lists)).flatMap((text) => text.split('\n').filter((line) => line !== ''));
  return [...new Set(ids)];
}

/** Removes what runs have left whose process is gone, but for those that were to be kept. Returns their ids. */
export async function removeAbandonedRuns(tools: Tools): Promise<readonly string[]> {
  const lines = (text: string): readonly string[] => text.split('\n');
  // First of all: a run has its network before its cluster, and after it.
  const clusters = lines(await tools.call('docker', ['ps', '--all', ...labelled(clusterLabel)]));
  const own = labelled(labels.run, labels.owner, labels.kept);
  const texts = await Promise.all([
    tools.call('docker', ['network', 'ls', ...own]),
    tools.call('docker', ['ps', '--all', ...own]),
    listFolders(),
  ]);
  const ids = abandonedRuns(texts.flatMap(lines), clusters);
  for (const id of ids) await removeRun(id, tools);
  return ids;
}

/** For what has the first label: the values of all of them, with spaces in between. */
function labelled(...names: readonly [string, ...string[]]): readonly string[] {
  const format = names.map((name) => `{{.Label "${name}"}}`).join(' ');
  return ['--filter', `label=${names[0]}`, '--format', format];
}

/**
 * The runs that are to be removed: those whose owner is gone, and those that have nothing any more but a cluster. kind outlives
 * the run that has started it for a while, and may make it after all else was removed.
 *
 * @param traces - Id, owner, and whether it is kept, of all that runs have; only an id where nobody can read more.
 * @param clusters - The names of all clusters of kind that were there before the traces were looked for.
 */
export function abandonedRuns(traces: readonly string[], clusters: readonly string[]): readonly string[] {
  const runs = traces.map((trace) => trace.split(' ')).filter(([id = '']) => isRunId(id));
  const known = new Set(runs.map(([id = '']) => id));
  const left = runs.flatMap(([id = '', owner = '', kept]) => (kept === 'false' && isGone(owner) ? [id] : []));
  const names = clusters
    .filter((name) => name.startsWith(namePrefix))
    .map((name) => name.slice(namePrefix.length));
  return [...new Set([...left, ...names.filter((id) => isRunId(id) && !known.has(id))])];
}

/** Of the folders of runs: the id, the owner, and whether it is kept. */
async function listFolders(): Promise<string> {
  const all = await readdir(tmpdir()).catch(() => []);
  const names = all.filter((name) => name.startsWith(folderPrefix));
  const lines = names.map(async (name) => {
    const folder = join(tmpdir(), name);
    const { uid } = await lstat(folder);
    // That of another user says nothing: they could write anything into it.
    const said = uid === process.getuid?.() ? await readFile(join(folder, 'owner'), 'utf8') : '';
    return `${name.slice(folderPrefix.length)} ${said}`;
  });
  const found = await Promise.allSettled(lines);
  return found.flatMap((line) => (line.status === 'fulfilled' ? [line.value] : [])).join('\n');
}

/**
 * Cleans up after runs whose process is gone, from any other: for a step that follows a cancelled one.
 *
 * @throws ToolError where Docker fails
 */
export async function cleanUpKind(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  await removeAbandonedRuns(new Tools(environment));
}
