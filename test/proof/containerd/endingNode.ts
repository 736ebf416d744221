import type { NodeRequest } from '../../../src/proof/containerd/nodeProtocol.ts';

// The program of a simulated node that ends before its control.

process.on('message', ({ kind }: NodeRequest) => {
  if (kind === 'control') process.exit(1);
});
await import('../../../src/proof/containerd/nodeMain.ts');
