import type { Profile } from '../resolver/profile.ts';
import { hasFeature, type Feature, type Version } from '../resolver/release.ts';

/** What differs between containerd versions in how `config.toml` is read. Read from all tags from 1.5.0 to 2.3.4. */
export const configFeatures = {
  resolvesGlobs: {
    description:
      '`imports` with a `*` are relative to the importing file, like all others; before, to the working directory',
    source: 'services/server/config/config.go resolveImports',
    since: [
      { line: '1.6', from: 29 },
      { line: '1.7', from: 16 },
      { line: '2.0', from: 0 },
    ],
  },
  limitsVersion: {
    description: 'a `version` that is too high stops containerd; before, it counts as version 2',
    source:
      'services/server/config/config.go ValidateV2, cmd/containerd/server/config/config.go ValidateVersion',
    since: [
      { line: '1.6', from: 32 },
      { line: '1.7', from: 17 },
      { line: '2.0', from: 0 },
    ],
  },
  wantsPluginPrefix: {
    description: 'names of plugins must begin with `io.containerd.`',
    source: 'services/server/config/config.go ValidateV2',
    since: [{ line: '1.7', from: 0, onlyThisLine: true }],
  },
  migratesEachFile: {
    description:
      'each file is migrated before it is merged, and none may have a higher `version` than the main file',
    source: 'cmd/containerd/server/config/config.go LoadConfigWithPlugins',
    since: [{ line: '2.3', from: 0 }],
  },
} as const satisfies Readonly<Record<string, Feature>>;

/** How one containerd version reads `config.toml`. */
export type ConfigRules = Readonly<Record<keyof typeof configFeatures, boolean>> & {
  readonly version: Version;
  readonly goToml: Profile['goToml'];
  /** containerd 2.x: go-toml version 2, and the sections of older versions are migrated. */
  readonly isVersion2: boolean;
  /** The version to which 2.x migrates. */
  readonly newestVersion: number;
};

export function configRules({ containerd: version, config, tomlLibrary, goToml }: Profile): ConfigRules {
  const has = (feature: keyof typeof configFeatures): boolean =>
    hasFeature(version, configFeatures[feature].since);
  return {
    version,
    newestVersion: Math.max(...config.versions),
    goToml,
    isVersion2: tomlLibrary === 'go-toml v2',
    resolvesGlobs: has('resolvesGlobs'),
    limitsVersion: has('limitsVersion'),
    wantsPluginPrefix: has('wantsPluginPrefix'),
    migratesEachFile: has('migratesEachFile'),
  };
}
