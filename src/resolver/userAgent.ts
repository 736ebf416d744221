import { firstValue, setValue, type GoHeader } from './goHeader.ts';
import type { Profile } from './profile.ts';

/** The header with containerd's own name, where it has no other. */
// containerd v2.3.4 core/remotes/docker/resolver.go request, core/remotes/docker/auth/fetch.go
export function withUserAgent(header: GoHeader, { version }: Profile): GoHeader {
  return firstValue(header, 'User-Agent') === ''
    ? setValue(header, 'User-Agent', `containerd/${version}`)
    : header;
}
