/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

export const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };

/** What a node can run, the best first; only the first counts for the transfer service. */
// containerd/platforms v1.0.0-rc.4 compare.go platformVector
export function platformVector(platform: Platform): readonly Platform[] {
  const normal = normalize(platform);
  const { os, architecture, variant = '' } = normal;
  const older = (name: string, newest: number, oldest: number): Platform[] =>
    Array.from({ length: Math.max(newest - oldest, 0) }, (_, index) =>
      normalize({ os, architecture: name, variant: `v${newest - 1 - index}` }),
    );
  switch (architecture) {
    case 'amd64': {
      const level = Number(variant.slice(1)) || 1;
      return [normal, ...older('amd64', level, 1), { os, architecture: '386' }];
    }
    case 'arm':
      return [normal, ...older('arm', Number(variant.slice(1)), 5)];
    case 'arm64':
      return [normal, ...(variant === '' ? older('arm', 9, 5) : [])];
    default:
      return [normal];
  }
}

/** The rank of a platform among those that a node can run; -1 where it cannot. */
export function rankOf(platform: Platform, vector: readonly Platform[]): number {
  const { os, architecture, variant = '' } = normalize(platform);
  return vector.findIndex(
    (known) => known.os === os && known.architecture === architecture && (known.variant ?? '') === variant,
  );
}

const aliases: ReadonlyMap<string, Platform> = new Map([
  ['i386', { os: '', architecture: '386', variant: '' }],
  ['x86_64', { os: '', architecture: 'amd64' }],
  ['x86-64', { os: '', architecture: 'amd64' }],
  ['aarch64', { os: '', architecture: 'arm64' }],
  ['armhf', { os: '', architecture: 'arm', variant: 'v7' }],
  ['armel', { os: '', architecture: 'arm', variant: 'v6' }],
]);

// containerd/platforms v1.0.0-rc.4 database.go normalizeArch
function normalize({ os, architecture, variant = '' }: Platform): Platform {
  const alias = aliases.get(architecture.toLowerCase());
  const name = alias?.architecture ?? architecture.toLowerCase();
  const written = (alias?.variant ?? variant).toLowerCase();
  return { os: os.toLowerCase(), architecture: name, variant: normalizeVariant(name, written) };
}

function normalizeVariant(architecture: string, variant: string): string {
  if (architecture === 'arm64') return ['8', 'v8', '8.0', 'v8.0'].includes(variant) ? '' : variant;
  if (architecture === 'amd64') return variant === 'v1' ? '' : variant;
  if (architecture !== 'arm') return variant;
  if (variant === '') return 'v7';
  return /^\d/.test(variant) ? `v${variant}` : variant;
}
