/**
 * Registries that everybody can pull from, and the forms of those that clouds give to their customers: what begins with one of
 * them and has a tag or digest is an image, whatever the key beside it is called.
 */
const publicHosts: readonly RegExp[] = [
  /(?:index\.|registry-1\.)?docker\.io/,
  /registry\.hub\.docker\.com/,
  /quay\.io/,
  /ghcr\.io/,
  /(?:[a-z]+\.)?gcr\.io/,
  /[a-z0-9-]+-docker\.pkg\.dev/,
  /registry\.k8s\.io/,
  /mcr\.microsoft\.com/,
  /[a-z0-9]+\.azurecr\.io/,
  /public\.ecr\.aws/,
  /\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/,
  /registry\.(?:access\.|connect\.)?redhat\.io/,
  /registry\.(?:access|connect)\.redhat\.com/,
  /registry\.gitlab\.com/,
  /registry\.opensource\.zalan\.do/,
  /registry\.suse\.com/,
  /registry\.rancher\.com/,
  /docker\.elastic\.co/,
  /nvcr\.io/,
  /lscr\.io/,
  /cgr\.dev/,
  /(?:[a-z]+\.)?icr\.io/,
  /container-registry\.oracle\.com/,
  /projects\.registry\.vmware\.com/,
  /registry\.cn-[a-z0-9-]+\.aliyuncs\.com/,
];

/** What a host is called that somebody runs a registry on. */
const ownHost =
  /(?:registry|docker|harbor|cr|images?|oci|containers?|nexus|artifactory|quay)\d*(?:[-.][a-z0-9-]+)*\.[a-z][a-z0-9-]*/;

const anyHost = [...publicHosts, ownHost].map((host) => host.source).join('|');

const wholeHost = new RegExp(`^(?:${anyHost})$`);

/** True for the host of a registry that is known, called like one, or written with a port. */
export function isRegistryHost(host: string): boolean {
  return host.length <= 255 && (host.includes(':') || wholeHost.test(host));
}

const publicHost = publicHosts.map((host) => host.source).join('|');

/** The beginning of an image of a public registry. */
export const publicImageHost = new RegExp(`(?:${publicHost})/`);

/** An image of a public registry with a tag or digest, in the middle of any text. */
export function findPublicImages(text: string): IterableIterator<RegExpExecArray> {
  return text.matchAll(publicImage);
}

const publicImage = new RegExp(
  `(?<![\\w./:@-])(?:${publicHost})/[a-z0-9][a-z0-9._/-]{0,200}(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?(?![\\w/:@-])`,
  'g',
);
