import type { GoTomlRelease } from '../../src/hosts/goToml/goTomlRelease.ts';
import type { Profile } from '../../src/resolver/profile.ts';

/** The go-toml that Debian builds its containerd with, where that is not the one of containerd's go.mod. */
const libraries: Readonly<Record<string, GoTomlRelease>> = { '1.6.20': '1.9.3', '2.1.9': '2.4' };

/** The profile of a containerd as Debian builds it. */
export function builtByDebian(profile: Profile): Profile {
  return { ...profile, goToml: libraries[profile.version] ?? profile.goToml };
}
