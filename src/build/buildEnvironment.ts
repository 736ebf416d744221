import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Nobody listens there: what goes through it fails at once. */
const deadProxy = 'http://127.0.0.1:9';

/**
 * All that a program gets to know of this machine. Its PATH is an empty folder: there is no git that could fetch a remote base,
 * and no plugin. Its folders for settings, caches and temporary files are below `home`, which goes away with the job.
 */
export function buildEnvironment(home: string): Readonly<Record<string, string>> {
  const folder = (name: string): string => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const settings = folder('home');
  return {
    PATH: folder('programs'),
    HOME: settings,
    TMPDIR: folder('temporary'),
    LC_ALL: 'C',
    XDG_CONFIG_HOME: settings,
    XDG_CACHE_HOME: settings,
    XDG_DATA_HOME: settings,
    KUBECONFIG: '/dev/null',
    KUBERC: 'off',
    HELM_PLUGINS: folder('plugins'),
    HELM_CACHE_HOME: settings,
    HELM_CONFIG_HOME: settings,
    HELM_DATA_HOME: settings,
    HTTP_PROXY: deadProxy,
    HTTPS_PROXY: deadProxy,
    ALL_PROXY: deadProxy,
    http_proxy: deadProxy,
    https_proxy: deadProxy,
    all_proxy: deadProxy,
    NO_PROXY: '',
    no_proxy: '',
  };
}
