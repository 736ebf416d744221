import { goProgramFolder } from '../support/goPrograms.ts';

/** The newest of each line that `go install` has been tried with. */
const packages = {
  'v3.17.3': 'helm.sh/helm/v3/cmd/helm',
  'v4.0.0': 'helm.sh/helm/v4/cmd/helm',
} as const;

export type HelmVersion = keyof typeof packages;

export const helmVersions: readonly HelmVersion[] = ['v3.17.3', 'v4.0.0'];

/** A folder with nothing but that helm; undefined where it cannot be built. */
export async function helmFolder(version: HelmVersion): Promise<string | undefined> {
  return goProgramFolder({ name: 'helm', package: packages[version], version });
}

/** Why there is no such helm here; false where there is one. */
export async function missingHelm(version: HelmVersion): Promise<string | false> {
  return (await helmFolder(version)) === undefined && 'there is no Go to build helm with';
}
