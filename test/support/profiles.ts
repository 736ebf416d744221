import { profileFor, type Profile } from '../../src/resolver/profile.ts';

/** The profile of a containerd version. */
export function containerd(version: string): Profile {
  return profileFor({ kind: 'containerd', version });
}

/** The profile of the containerd that comes with k3s. */
export function k3s(version: string): Profile {
  return profileFor({ kind: 'k3s', version });
}

/** One version of each release line with a behaviour of its own. */
export const versions = [
  '1.5.18',
  '1.6.8',
  '1.6.20',
  '1.6.39',
  '1.7.7',
  '1.7.24',
  '1.7.34',
  '2.0.11',
  '2.1.9',
  '2.2.7',
  '2.3.4',
];
