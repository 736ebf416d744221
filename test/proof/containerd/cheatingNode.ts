import type { NodeAnswer, NodeRequest } from '../../../src/proof/containerd/nodeProtocol.ts';
import { ProofNode } from '../../../src/proof/containerd/proofNode.ts';

// The program of a simulated node that withholds no registry from a control.

const node = new ProofNode(process.argv[2] ?? '');

async function answer(request: NodeRequest): Promise<NodeAnswer> {
  if (request.kind === 'start') return { kind: 'started', start: await node.start(request.surroundings) };
  const pulls = request.kind === 'pull' ? request.pulls : [request.pull];
  let pulled = true;
  await node.pull({ kind: 'pull', pulls, limit: 1, deadline: request.deadline }, (part) => {
    pulled &&= part.result.kind === 'pulled';
    if (request.kind === 'pull') process.send?.({ part });
  });
  if (request.kind === 'pull') return { kind: 'done' };
  return { kind: 'control', result: pulled ? { kind: 'pulled' } : { kind: 'hung' } };
}

process.on('disconnect', () => process.exit());
process.on('message', (request: NodeRequest) => {
  void answer(request).then((message) => process.send?.(message));
});
