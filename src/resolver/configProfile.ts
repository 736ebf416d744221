import { hasFeature, pick, type Choice, type Since, type Version } from './release.ts';

/** What a containerd version says about its `config.toml`. */
export interface ConfigProfile {
  /** Values of `version` with which the daemon starts; 1 also stands for a file without one. */
  readonly versions: readonly number[];
  /** Those of them whose registry and sandbox settings are read, under the keys of {@link configKeys}. */
  readonly registryVersions: readonly number[];
  /** The `version` to write. */
  readonly preferredVersion: number;
  /** The key under `plugins` in a file of the preferred version. */
  readonly registryPlugin: string;
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

/** Where a `config.toml` has its registry and sandbox settings. */
export interface ConfigKeys {
  /** Key under `plugins`. */
  readonly plugin: string;
  /** Path from the plugin to the sandbox image. */
  readonly sandboxImage: readonly string[];
}

const imagesPlugin: ConfigKeys = {
  plugin: 'io.containerd.cri.v1.images',
  sandboxImage: ['pinned_images', 'sandbox'],
};
const keysOfVersion: ReadonlyMap<number, ConfigKeys> = new Map([
  [1, { plugin: 'cri', sandboxImage: ['sandbox_image'] }],
  [2, { plugin: 'io.containerd.grpc.v1.cri', sandboxImage: ['sandbox_image'] }],
  [3, imagesPlugin],
  [4, imagesPlugin],
]);

/** The keys in a `config.toml` of a `version`. One that does not exist has those of the newest. */
export function configKeys(version: number): ConfigKeys {
  return keysOfVersion.get(version) ?? imagesPlugin;
}

const registryImages = (name: string): string => `registry.k8s.io/pause:${name}`;

// containerd pkg/cri/config/config_unix.go DefaultConfig, internal/cri/config/config.go DefaultSandboxImage
const pauseImages: readonly [Choice<string>, ...Choice<string>[]] = [
  [registryImages('3.10.2'), [{ line: '2.3', from: 0 }]],
  [registryImages('3.10.1'), [{ line: '2.2', from: 0 }]],
  [registryImages('3.10'), [{ line: '2.0', from: 0 }]],
  [registryImages('3.8'), [{ line: '1.7', from: 0 }]],
  [registryImages('3.6'), [{ line: '1.6', from: 9 }]],
  ['k8s.gcr.io/pause:3.6', [{ line: '1.6', from: 0 }]],
  [registryImages('3.5'), [{ line: '1.5', from: 14 }]],
  ['k8s.gcr.io/pause:3.5', [{ line: '1.5', from: 0 }]],
];

type ConfigVersions = Pick<ConfigProfile, 'versions' | 'registryVersions'>;

// containerd services/server/config/config.go ValidateV2, cmd/containerd/server/config/config.go LoadConfig
const configVersions: readonly [Choice<ConfigVersions>, ...Choice<ConfigVersions>[]] = [
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
];

// containerd plugins/cri/images/plugin.go, internal/cri/config/config_unix.go DefaultImageConfig
const hasDefaultConfigPath: readonly Since[] = [{ line: '2.2', from: 0 }];
const mirrorsReplaceConfigPath: readonly Since[] = [{ line: '2.2', from: 2 }];

/** What a containerd version says about its `config.toml`. */
export function configProfile(version: Version): ConfigProfile {
  const { versions, registryVersions } = pick(version, configVersions);
  const preferredVersion = registryVersions.includes(3) ? 3 : 2;
  const hasDefault = hasFeature(version, hasDefaultConfigPath);
  return {
    versions,
    registryVersions,
    preferredVersion,
    registryPlugin: configKeys(preferredVersion).plugin,
    pauseImage: pick(version, pauseImages),
    defaultConfigPath: hasDefault ? '/etc/containerd/certs.d:/etc/docker/certs.d' : '',
    defaultConfigPathClashesWithMirrors: hasDefault && !hasFeature(version, mirrorsReplaceConfigPath),
  };
}
