import type { NodeFiles } from '../files/nodeFiles.ts';
import type { Profile } from '../resolver/profile.ts';
import type { FixableProblem } from '../source/fix.ts';
import { configRules, type ConfigRules } from './configRules.ts';
import { criSections } from './criSections.ts';
import { readCriSettings, type CriSettings } from './criSettings.ts';
import { findIgnored } from './ignoredSettings.ts';
import { loadConfig } from './loadConfig.ts';
import { explainFailure, type StartupError } from './startupError.ts';
import { StartupFailure } from './startupFailure.ts';

/** A node's own `config.toml`, and what it imports, as its containerd reads it. */
export interface ContainerdConfig extends CriSettings {
  /** How the user knows `config.toml`. */
  readonly file: string;
  /** Absolute paths on the node of the files that count, `config.toml` first. */
  readonly loaded: readonly string[];
  /** Why containerd does not start with it, or starts without its CRI plugin: then the node pulls nothing. */
  readonly startupError?: StartupError;
  /** Sections and keys that this version does not read. */
  readonly ignored: readonly FixableProblem[];
  /** The config path that counts, be it written or a default; empty where no hosts directory is read. */
  readonly effectiveConfigPath: string;
}

/** Where containerd has its configuration. */
export const configFile = '/etc/containerd/config.toml';

/** Reads a node's `config.toml` and all that it imports as the containerd of this profile does. Never throws. */
export function loadContainerdConfig(files: NodeFiles, profile: Profile): ContainerdConfig {
  const rules = configRules(profile);
  const file = files.nameOf(configFile);
  // containerd v2.1.9 cmd/containerd/command/main.go App: a file that is not there is not looked for.
  if (files.kindOf(configFile) === undefined) return { ...untouched(profile), file };
  try {
    return { ...readFiles(files, rules, profile), file };
  } catch (error) {
    if (!(error instanceof StartupFailure)) throw error;
    return { ...untouched(profile), file, loaded: [configFile], startupError: explainFailure(error) };
  }
}

/** What containerd does without a `config.toml`. */
function untouched({ config }: Profile): Omit<ContainerdConfig, 'file'> {
  return {
    loaded: [],
    ignored: [],
    mirrors: new Map(),
    configs: new Map(),
    headers: [],
    forcesLocalPull: false,
    effectiveConfigPath: config.defaultConfigPath,
  };
}

function readFiles(files: NodeFiles, rules: ConfigRules, profile: Profile): Omit<ContainerdConfig, 'file'> {
  const { config } = profile;
  const loaded = loadConfig(files, configFile, rules, emptyConfigPath(profile));
  const sections = criSections(loaded, rules);
  const ignored = findIgnored(loaded, sections, rules, profile);
  const paths = loaded.files.map(({ path }) => path);
  try {
    const settings = readCriSettings(sections, rules, profile);
    const written = settings.configPath?.value ?? '';
    const usesDefault = settings.configPath === undefined || !config.defaultConfigPathClashesWithMirrors;
    const fallback = usesDefault && settings.mirrors.size === 0 ? config.defaultConfigPath : '';
    return { ...settings, loaded: paths, ignored, effectiveConfigPath: written === '' ? fallback : written };
  } catch (error) {
    if (!(error instanceof StartupFailure)) throw error;
    return { ...untouched(profile), loaded: paths, ignored, startupError: explainFailure(error) };
  }
}

/** 2.2.0 and 2.2.1 put their default in the place of an empty `config_path` of older files. */
function emptyConfigPath({ config }: Profile): string {
  return config.defaultConfigPathClashesWithMirrors ? config.defaultConfigPath : '';
}
