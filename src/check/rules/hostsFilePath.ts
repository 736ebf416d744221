import type { Check, Problem } from '../check.ts';
import { locatedHosts, type LocatedHost } from '../hostsFiles.ts';

export const hostsFilePath: Check = {
  id: 'hosts-file-path',
  severity: 'error',
  summary: 'a path in hosts.toml with `/v2` twice, or without it',
  documentation:
    'containerd adds `/v2` to the path of a host unless it ends with it, so `https://harbor.example.net/v2/hub`, a project of ' +
    'Harbor, is asked for `/v2/hub/v2/library/nginx/manifests/1.27`, which no registry serves. With `override_path = true` the ' +
    'path is used as it stands; then `/v2` has to be in it.',
  *run({ hostsFiles }) {
    for (const host of hostsFiles.flatMap(locatedHosts)) yield* findProblem(host);
  },
};

// containerd core/remotes/docker/config/hosts.go parseHostConfig
function* findProblem({ url, fields: { overridePath }, location }: LocatedHost): Generator<Problem> {
  const path = pathOf(url);
  if (overridePath?.value && !/\/v2(\/|$)/.test(path)) {
    yield {
      message: `with \`override_path\` the path \`${path}\` is used as it stands, without \`/v2\`: a registry answers such requests with 404`,
      location,
      fix: { message: 'put `/v2` into the path, or remove `override_path`' },
    };
  } else if (!overridePath?.value && /^\/v2\/.*[^/]/.test(path) && !path.endsWith('/v2')) {
    yield {
      message: `containerd adds \`/v2\` to the path \`${path}\` and asks for \`${path}/v2\`: a registry answers such requests with 404`,
      location,
      fix: { message: 'add `override_path = true` to this host' },
    };
  }
}

/** The path of a URL without the slash at its end; `/` when there is none. */
function pathOf(url: string): string {
  const [, path = ''] = /^(?:[a-z]+:\/\/)?[^/]*(\/.*)$/.exec(url) ?? [];
  return (path.endsWith('/') ? path.slice(0, -1) : path) || '/';
}
