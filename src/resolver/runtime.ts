/** `other` is a runtime that is known and not emulated (CRI-O); `unknown` is one that nobody named. */
export type RuntimeKind = 'containerd' | 'k3s' | 'rke2' | 'docker' | 'other' | 'unknown';

/** The container runtime of a node. */
export interface Runtime {
  readonly kind: RuntimeKind;
  /**
   * Numbers only, as `1.6.20`; absent where the text names none. For k3s and RKE2 the version of their
   * containerd.
   */
  readonly version?: string | undefined;
}

export const unknownRuntime: Runtime = { kind: 'unknown' };

const kinds: ReadonlyMap<string, RuntimeKind> = new Map([
  ['containerd', 'containerd'],
  ['k3s', 'k3s'],
  ['rke2', 'rke2'],
  ['docker', 'docker'],
]);

/**
 * Reads a runtime as `kubectl get nodes -o wide` prints it: `containerd://1.6.20-ubuntu~1`,
 * `docker://20.10.7`, `cri-o://1.24.1`. The containerd of k3s and RKE2 says so in its suffix
 * (`containerd://1.7.11-k3s2`), and `k3s://` and `rke2://` name it as well.
 */
export function parseRuntime(text: string): Runtime {
  const [scheme = '', rest = ''] = text.trim().split('://', 2);
  if (scheme === '') return unknownRuntime;
  const kind = kinds.get(scheme.toLowerCase()) ?? 'other';
  const [version] = /^\d+(?:\.\d+){0,2}/.exec(rest.replace(/^v/, '')) ?? [];
  const isFork = kind === 'containerd' && /-k3s\d/.test(rest);
  return { kind: isFork ? 'k3s' : kind, ...(version !== undefined && { version }) };
}
