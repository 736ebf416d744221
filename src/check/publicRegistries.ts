/** Registries on the internet that many people pull from without a login. */
const publicRegistries: ReadonlySet<string> = new Set([
  'cgr.dev',
  'docker.elastic.co',
  'docker.io',
  'gcr.io',
  'ghcr.io',
  'icr.io',
  'k8s.gcr.io',
  'lscr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.access.redhat.com',
  'registry.gitlab.com',
  'registry.k8s.io',
  'registry.suse.com',
  'xpkg.crossplane.io',
  'xpkg.upbound.io',
]);

/** True for a well-known registry of the internet, from which an image may come without a login. */
export function isPublicRegistry(host: string): boolean {
  return publicRegistries.has(host) || host.endsWith('.gcr.io') || host.endsWith('-docker.pkg.dev');
}
