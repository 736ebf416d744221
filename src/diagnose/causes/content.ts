import type { Cause } from '../cause.ts';

const paths = ['endpoint-path', 'hosts-file-path', 'rewrites'];

/** What a registry has, and what it answers instead. */
export const contentCauses: readonly Cause[] = [
  {
    id: 'no-capability',
    patterns: [/no resolve hosts/, /no pull hosts/],
    example: 'failed to resolve reference "reg.lan/app:1": no resolve hosts: not found',
    meaning: () => 'no host may be asked: their `capabilities` in hosts.toml leave out `resolve` or `pull`',
    advice: () => 'write `capabilities = ["pull", "resolve"]` for the mirror',
    blames: 'endpoint',
    checks: [],
    isUnmistakable: true,
  },
  {
    id: 'no-platform',
    patterns: [
      /no match for platform/,
      /no matching manifest for /,
      /[Nn]o image found in (?:manifest list|image index) for architecture/,
    ],
    example: 'failed to pull and unpack image "reg.lan/app:1": no match for platform in manifest: not found',
    meaning: () => 'the image is not there for the operating system and architecture of the node',
    advice: () =>
      'build or mirror it for this architecture too, with all platforms, or keep the Pod on other nodes with a `nodeSelector`',
    blames: 'image',
    checks: [],
    isUnmistakable: true,
  },
  {
    id: 'old-image-format',
    patterns: [
      /schema 1 image manifests are no longer supported/,
      /manifest\.v1\+(?:prettyjws|json)/,
      /missing signature key/,
    ],
    example:
      'not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"',
    meaning: () => 'the image is of schema 1, a format that this containerd no longer pulls',
    advice: () => 'build it anew, or push it again with a current docker or skopeo',
    blames: 'image',
    checks: [],
  },
  {
    id: 'broken-content',
    patterns: [
      /short read: expected/,
      /failed to read expected number of bytes/,
      /unmarshal image config/,
      /children: invalid desc/,
      /number of layers and diffIDs don't match/,
      /content size of zero/,
      /no signatures/,
      /invalid tar header/,
    ],
    example: 'short read: expected 1024 bytes but got 512: unexpected EOF',
    meaning: ({ name }) => `${name} sends an image that is not whole`,
    advice: () => 'have the image pushed or mirrored anew; see that no proxy cuts off large answers',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'web-page',
    patterns: [
      /unexpected media type /,
      /error parsing HTTP \d{3} response body/,
      /invalid character [^\n]{1,12} looking for beginning of value/,
    ],
    example:
      'failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:0a: not found',
    meaning: ({ name }) =>
      `what answers at ${name} is no registry, or not below this path: it sends a web page or the like`,
    advice: () => 'check the path of the endpoint: that of a Harbor project is `https://HOST/v2/PROJECT`',
    blames: 'endpoint',
    checks: paths,
    mirrorBypass: 'answered',
  },
  {
    id: 'manifest-too-large',
    patterns: [/rejecting \d{1,20} byte manifest/],
    example: 'rejecting 9000000 byte manifest for reg.lan/app:1: not found',
    meaning: ({ name }) => `${name} answers with a manifest that is larger than containerd takes`,
    advice: () => 'see what answers there: a manifest of that size is hardly one',
    blames: 'endpoint',
    checks: paths,
  },
  {
    id: 'digest-mismatch',
    patterns: [
      /failed commit on ref/,
      /unexpected commit (?:digest|size)/,
      /filesystem layer verification failed/,
      /wrong diff id/,
    ],
    example:
      'failed commit on ref "manifest-sha256:12": unexpected commit digest sha256:34, expected sha256:12: failed precondition',
    meaning: ({ name }) => `${name} sends other content than the digest stands for`,
    advice: () =>
      'the copy in the mirror is damaged, or a proxy changes what passes it: have the image copied anew',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'disk-full',
    patterns: [/no space left on device/],
    example:
      'failed to copy: failed to send write: write /var/lib/containerd/ingest/data: no space left on device',
    meaning: () => 'the disk of the node is full',
    advice: () => 'make room below /var/lib/containerd: `crictl rmi --prune` removes images that no Pod uses',
    blames: 'nothing',
    checks: [],
  },
  {
    id: 'unpack-failed',
    patterns: [
      /failed to extract layer/,
      /failed to prepare extraction snapshot/,
      /failed to register layer/,
    ],
    example:
      'failed to extract layer sha256:12: mount callback failed on /var/lib/containerd/tmpmounts/1: operation not permitted',
    meaning: () => 'the image came over whole, and the node cannot unpack it',
    advice: () => 'look at the file system and the snapshotter of the node: no mirror changes this',
    blames: 'nothing',
    checks: [],
  },
  {
    id: 'content-missing',
    patterns: [
      /could not fetch content descriptor/,
      /content at [^\s"]{1,2500}\/blobs\/[^\s"]{1,300} not found/,
      /blob[ _]unknown/i,
    ],
    example:
      'could not fetch content descriptor sha256:12 (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found',
    meaning: ({ name }) => `${name} knows the image, and does not have all of its content`,
    advice: () => 'have the image mirrored anew, with all its layers',
    blames: 'endpoint',
    checks: paths,
  },
  {
    id: 'not-found',
    patterns: [
      /(?:manifest|name)[ _]unknown/i,
      /404 Not Found/,
      /manifest for [^\n]{1,1000} not found/,
      /content at [^\s"]{1,2500} not found/,
      /: not found(?![\w-])/,
    ],
    example: 'failed to resolve reference "reg.lan/app:9": reg.lan/app:9: not found',
    meaning: ({ name }) => `${name} does not have the image: it answers 404`,
    advice: () =>
      'check repository and tag; where a mirror is asked, whether it holds this image and the path of its endpoint is right',
    blames: 'image',
    checks: paths,
    mirrorBypass: 'answered',
  },
  {
    id: 'bad-request',
    patterns: [/: 400 Bad Request/],
    example: 'pulling from host reg.lan:443 failed with status code [manifests 1]: 400 Bad Request',
    meaning: ({ name }) =>
      `${name} does not understand the request: so answers a server that wants HTTPS to plain HTTP`,
    advice: ({ host }) => `if it is asked by plain HTTP, write \`https://${host}\` for its endpoint`,
    blames: 'endpoint',
    checks: paths,
  },
  {
    id: 'registry-fault',
    patterns: [/: 5\d\d [A-Z]/],
    example: 'unexpected status from HEAD request to https://quay.io/v2/app/manifests/1: 502 Bad Gateway',
    meaning: ({ name }) => `${name} has a fault of its own, or the proxy in front of it`,
    advice: () =>
      'look in the log of the registry; a pull-through mirror also says this where its upstream is out of reach',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'redirect',
    patterns: [/stopped after \d{1,3} redirects/, /failed to parse Location header/, /: 30[0-9] [A-Z]/],
    example:
      'unexpected status from HEAD request to http://reg.lan/v2/app/manifests/1: 301 Moved Permanently',
    meaning: ({ name }) => `${name} sends the node elsewhere, and that leads nowhere`,
    advice: () => 'name the address at which the registry itself answers; `https://docker.io` is none',
    blames: 'endpoint',
    checks: ['hosts-file-host', ...paths],
  },
  {
    id: 'connection-lost',
    patterns: [
      /connection reset by peer/,
      /broken pipe/,
      /: (?:unexpected )?EOF(?![\w-])/,
      /stream error: /,
      /GOAWAY/,
    ],
    example: 'failed to do request: Head "https://quay.io/v2/app/manifests/1": EOF',
    meaning: ({ name }) => `${name} ends the connection without an answer`,
    advice: () =>
      'see whether it wants HTTPS where it is asked by HTTP, and whether a firewall or proxy is between',
    blames: 'endpoint',
    checks: ['endpoint-without-scheme'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'unexpected-status',
    patterns: [/unexpected status/, /failed with (?:unexpected )?status code/, /unexpected HTTP status/],
    example: "unexpected status from HEAD request to https://reg.lan/v2/app/manifests/1: 418 I'm a teapot",
    meaning: ({ name }) => `${name} answers with a status that no registry gives for a pull`,
    advice: () =>
      'see what answers there: a proxy in front of the registry, or something that is no registry',
    blames: 'endpoint',
    checks: paths,
  },
];
