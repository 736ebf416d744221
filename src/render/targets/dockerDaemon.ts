import { nothing, type Target } from '../target.ts';

/** Docker's `daemon.json`: mirrors for Docker Hub, and the registries that it may ask by plain HTTP. */
export const dockerDaemon: Target = {
  id: 'docker-daemon',
  render: ({ configuration: { registry } }) => {
    if (registry.form !== 'docker') return nothing;
    const settings = {
      'registry-mirrors': registry.registryMirrors.map(({ value }) => value),
      'insecure-registries': registry.insecureRegistries.map(({ value }) => value),
    };
    const text = `${JSON.stringify(settings, null, 2)}\n`;
    return { files: [{ path: '/etc/docker/daemon.json', text, install: 'json' }] };
  },
};
