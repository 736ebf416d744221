import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest of each line that `go install` has been tried with. */
const packages = {
  'v3.17.3': 'helm.sh/helm/v3/cmd/helm@v3.17.3',
  'v4.0.0': 'helm.sh/helm/v4/cmd/helm@v4.0.0',
} as const;

export type HelmVersion = keyof typeof packages;

export const helmVersions: readonly HelmVersion[] = ['v3.17.3', 'v4.0.0'];

/** A folder with nothing but that helm, which is built once and kept. */
export function helmFolder(version: HelmVersion): string {
  const folder = join(homedir(), '.cache', 'mirrorproof', 'helm', version);
  if (existsSync(join(folder, 'helm'))) return folder;
  mkdirSync(folder, { recursive: true });
  execFileSync('go', ['install', packages[version]], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return folder;
}
