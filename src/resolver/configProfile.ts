import { hasFeature, pick, type Alternatives, type Feature, type Version } from './release.ts';

/** What a containerd version says about its `config.toml`. */
export interface ConfigProfile {
  /** Values of `version` with which the daemon starts; 1 also stands for a file without one. */
  readonly versions: readonly number[];
  /** Those of them whose registry and sandbox settings are read; those of the others are lost. */
  readonly registryVersions: readonly number[];
  /** The `version` to write. */
  readonly preferredVersion: number;
  /** The sandbox ("pause") image where the file names none. */
  readonly pauseImage: string;
  /** `config_path` where the file has none; empty where no hosts directory is read then. */
  readonly defaultConfigPath: string;
  /**
   * The default `config_path` holds even where the file has `mirrors`, and the two together stop the CRI
   * plugin.
   */
  readonly defaultConfigPathClashesWithMirrors: boolean;
}

const registryImages = (name: string): string => `registry.k8s.io/pause:${name}`;

export const pauseImages: Alternatives<string> = {
  description: 'sandbox ("pause") image where `config.toml` names none',
  source: 'pkg/cri/config/config_unix.go DefaultConfig, internal/cri/config/config.go DefaultSandboxImage',
  choices: [
    [registryImages('3.10.2'), [{ line: '2.3', from: 0 }]],
    [registryImages('3.10.1'), [{ line: '2.2', from: 0 }]],
    [registryImages('3.10'), [{ line: '2.0', from: 0 }]],
    [registryImages('3.8'), [{ line: '1.7', from: 0 }]],
    [registryImages('3.6'), [{ line: '1.6', from: 9 }]],
    ['k8s.gcr.io/pause:3.6', [{ line: '1.6', from: 0 }]],
    [registryImages('3.5'), [{ line: '1.5', from: 14 }]],
    ['k8s.gcr.io/pause:3.5', [{ line: '1.5', from: 0 }]],
  ],
};

/** Values of `version`, as {@link ConfigProfile} has them. */
export type ConfigVersions = Pick<ConfigProfile, 'versions' | 'registryVersions'>;

export const configVersions: Alternatives<ConfigVersions> = {
  description: '`version` in `config.toml`',
  source: 'services/server/config/config.go ValidateV2, cmd/containerd/server/config/config.go LoadConfig',
  choices: [
    [{ versions: [1, 2, 3, 4], registryVersions: [1, 2, 3, 4] }, [{ line: '2.3', from: 0 }]],
    [{ versions: [1, 2, 3], registryVersions: [2, 3] }, [{ line: '2.0', from: 0 }]],
    [
      { versions: [1, 2], registryVersions: [1, 2] },
      [
        { line: '1.6', from: 32 },
        { line: '1.7', from: 17 },
      ],
    ],
    // Higher versions start as well, and count as version 2.
    [{ versions: [1, 2, 3, 4], registryVersions: [1, 2] }, [{ line: '1.5', from: 0 }]],
  ],
};

/** What came with which version, as `features` in `profile.ts`. */
export const configFeatures = {
  defaultConfigPath: {
    description:
      '`config_path` is `/etc/containerd/certs.d:/etc/docker/certs.d` where `config.toml` has none',
    source: 'internal/cri/config/config_unix.go DefaultImageConfig',
    since: [{ line: '2.2', from: 0 }],
  },
  mirrorsReplaceConfigPath: {
    description: 'that default gives way to `mirrors`; the two together stop the CRI plugin otherwise',
    source: 'plugins/cri/images/plugin.go',
    since: [{ line: '2.2', from: 2 }],
  },
} as const satisfies Readonly<Record<string, Feature>>;

/** What a containerd version says about its `config.toml`. */
export function configProfile(version: Version): ConfigProfile {
  const { versions, registryVersions } = pick(version, configVersions.choices);
  const preferredVersion = registryVersions.includes(3) ? 3 : 2;
  const hasDefault = hasFeature(version, configFeatures.defaultConfigPath.since);
  return {
    versions,
    registryVersions,
    preferredVersion,
    pauseImage: pick(version, pauseImages.choices),
    defaultConfigPath: hasDefault ? '/etc/containerd/certs.d:/etc/docker/certs.d' : '',
    defaultConfigPathClashesWithMirrors:
      hasDefault && !hasFeature(version, configFeatures.mirrorsReplaceConfigPath.since),
  };
}
