import type { NodeAnswer, NodeRequest } from './nodeProtocol.ts';
import { ProofNode } from './proofNode.ts';

// The program that runs in a simulated node: it gets the folder with the node's files as its argument.

const node = new ProofNode(process.argv[2] ?? '');

async function answer(request: NodeRequest): Promise<NodeAnswer> {
  switch (request.kind) {
    case 'start':
      return { kind: 'started', start: await node.start(request.surroundings) };
    case 'pull':
      await node.pull(request, (part) => process.send?.({ part }));
      return { kind: 'done' };
    case 'control':
      return { kind: 'control', result: await node.control(request.pull, request.deadline) };
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (request: NodeRequest) => {
  void answer(request).then(
    (message) => process.send?.(message),
    (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.send?.({ kind: 'fault', text } satisfies NodeAnswer);
    },
  );
});
