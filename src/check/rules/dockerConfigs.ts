import type { RegistryConfig } from '../../registries/registries.ts';
import { groupBy } from '../../source/groupBy.ts';
import type { Check, Problem } from '../check.ts';
import { listNames } from '../people.ts';

export const dockerConfigs: Check = {
  id: 'docker-configs',
  severity: 'warning',
  summary: 'a login or a certificate for a node that runs dockerd, which takes none from its configuration',
  documentation:
    '`daemon.json` has no place for logins and certificates. dockerd reads `/etc/docker/certs.d/<host>/ca.crt`, `client.cert` ' +
    'and `client.key` by themselves, and the kubelet hands it the login of an `imagePullSecrets` of the Pod.',
  *run({ nodes }) {
    const written = nodes
      .filter(({ runtime }) => runtime.kind === 'docker')
      .flatMap(({ name, configs }) => [...configs.values()].map((config) => ({ config, name })));
    for (const [config, shared] of groupBy(written, ({ config: own }) => own))
      yield* problems(
        config,
        shared.map(({ name }) => name),
      );
  },
};

function* problems({ host, auth, tls }: RegistryConfig, nodes: readonly string[]): Generator<Problem> {
  const login = auth && Object.values(auth).find((part) => part !== undefined);
  if (login) {
    yield {
      message: `dockerd on ${listNames(nodes)} takes no login for \`${host.value}\` from its configuration, so none is rendered there`,
      location: login.location,
      nodes,
      fix: { message: 'name a Secret in `imagePullSecrets`, or log in on the node as the kubelet' },
    };
  }
  const file = tls?.caFile ?? tls?.certFile ?? tls?.keyFile;
  if (!file) return;
  yield {
    message: `dockerd on ${listNames(nodes)} is not told of \`${file.value}\`: it reads the certificates in \`/etc/docker/certs.d/${host.value}\` only`,
    location: file.location,
    nodes,
    fix: { message: `copy the file there, as \`ca.crt\`, \`client.cert\` or \`client.key\`` },
  };
}
