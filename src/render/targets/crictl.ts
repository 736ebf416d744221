import type { RuntimeKind } from '../../resolver/runtime.ts';
import type { Target } from '../target.ts';

/** `crictl.yaml`, so that `crictl` finds the runtime: with it people look at what went wrong. */
export const crictl: Target = {
  id: 'crictl',
  render: ({ configuration: { profile } }) => {
    const endpoint = `unix://${sockets.get(profile.runtime) ?? containerdSocket}`;
    const text = `runtime-endpoint: ${endpoint}\nimage-endpoint: ${endpoint}\n`;
    return { files: [{ path: '/etc/crictl.yaml', text, install: 'keep' }] };
  },
};

const containerdSocket = '/run/containerd/containerd.sock';

/** Where other runtimes listen. */
const sockets: ReadonlyMap<RuntimeKind, string> = new Map([
  ['docker', '/run/cri-dockerd.sock'],
  ['k3s', '/run/k3s/containerd/containerd.sock'],
  ['rke2', '/run/k3s/containerd/containerd.sock'],
]);
