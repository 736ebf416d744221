import type { Cause } from '../cause.ts';

/** What the kubelet refuses before it asks for a pull. */
export const kubeletCauses: readonly Cause[] = [
  {
    id: 'never-pulled',
    patterns: [/ErrImageNeverPull/, /is not present with pull policy of Never/],
    example: 'Container image "shop/cart:2.1" is not present with pull policy of Never',
    meaning: () => 'the image is not on the node, and `imagePullPolicy: Never` forbids to pull it',
    advice: () =>
      'use `imagePullPolicy: IfNotPresent`, or bring the image to every node that the Pod may run on',
    blames: 'image',
    checks: [],
    isUnmistakable: true,
  },
  {
    id: 'digest-header',
    patterns: [/in header not a valid digest/],
    example: '"sha256:12" in header not a valid digest: invalid checksum digest length',
    meaning: ({ name }) => `${name} answers with a \`Docker-Content-Digest\` that is none`,
    advice: () =>
      'see what answers there: a proxy in front of the registry, or something that is no registry',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'invalid-image-name',
    patterns: [
      /InvalidImageName/,
      /couldn't parse image (?:name|reference)/,
      /invalid reference format/,
      /failed to parse image reference/,
      /repository name [^\n]{0,300}must be lowercase/,
      /cannot specify 64-byte hexadecimal strings/,
      /repository name must not be more than/,
      /invalid checksum digest/,
      /unsupported digest algorithm/,
    ],
    example:
      'Failed to apply default image tag "https://reg.lan/app:1": couldn\'t parse image name "https://reg.lan/app:1": invalid reference format',
    meaning: () => 'the image is no valid reference, so nothing was asked',
    advice: () =>
      'an image has no scheme, no capital letters in its repository, no space, and no placeholder that nobody filled in',
    blames: 'image',
    checks: ['unresolved-image', 'invalid-reference'],
    isUnmistakable: true,
  },
  {
    id: 'image-inspect-failed',
    patterns: [/ImageInspectError/, /[Ff]ailed to inspect image/],
    example: 'Failed to inspect image "nginx:1.27": rpc error: code = Unknown desc = image store is corrupt',
    meaning: () => 'the runtime could not say whether the image is on the node, so it was not pulled',
    advice: () =>
      'look in the log of the runtime; an image that is damaged on the node goes with `crictl rmi IMAGE`',
    blames: 'node',
    checks: ['config-refused'],
  },
  {
    id: 'pull-secret-missing',
    patterns: [/Unable to retrieve some image pull secrets/, /FailedToRetrieveImagePullSecret/],
    example:
      'Unable to retrieve some image pull secrets (harbour-login); attempting to pull the image may not succeed.',
    meaning: () => 'a pull secret that the Pod names is not in its namespace, so the pull is made without it',
    advice: () => 'create the Secret in the namespace of the Pod, or mend its name',
    blames: 'login',
    checks: ['pull-secret'],
    isUnmistakable: true,
  },
  {
    id: 'signature-refused',
    patterns: [/SignatureValidationFailed/, /[Ss]ource image rejected/],
    example:
      'SignatureValidationFailed: image pull failed for reg.lan/app:1 because the signature validation failed',
    meaning: () => 'the runtime of the node wants a signature that the image does not have',
    advice: () => 'sign the image, or mend the policy (`/etc/containers/policy.json`) of the node',
    blames: 'image',
    checks: [],
    isUnmistakable: true,
  },
  {
    id: 'kubelet-limit',
    patterns: [/pull QPS exceeded/],
    example: 'Failed to pull image "nginx:1.27": pull QPS exceeded',
    meaning: () => 'the kubelet itself puts the pull off: too many are asked of it at once',
    advice: () =>
      'it tries again by itself; `registryPullQPS` and `registryBurst` of the kubelet raise the limit',
    blames: 'nothing',
    checks: [],
    isUnmistakable: true,
  },
  {
    id: 'short-name',
    patterns: [/short-name [^\n]{0,300}did not resolve to an alias/, /short name mode is enforcing/],
    example:
      'short-name "nginx:1.27" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    meaning: () => 'CRI-O does not know which registry an image without a registry comes from',
    advice: () => 'write the image in full, as `docker.io/library/nginx:1.27`',
    blames: 'image',
    checks: [],
    isUnmistakable: true,
  },
];

/** Texts of the kubelet around an error: they count only where nothing else is known. */
export const wrappers: readonly Cause[] = [
  {
    id: 'registry-unavailable',
    patterns: [/RegistryUnavailable/, /because the registry is unavailable/],
    example: 'RegistryUnavailable: image pull failed for reg.lan/app:1 because the registry is unavailable',
    meaning: ({ name }) => `${name} did not answer`,
    advice: () => 'the event before this one says why',
    blames: 'endpoint',
    checks: [],
    mirrorBypass: 'unreached',
  },
  {
    id: 'sandbox-image',
    patterns: [/failed to get sandbox image/],
    example: 'Failed to create pod sandbox: failed to get sandbox image "registry.k8s.io/pause:3.8"',
    meaning: () => 'the sandbox ("pause") image cannot be pulled',
    advice: () => 'mirror its registry, or name a sandbox image that the node can pull',
    blames: 'image',
    checks: ['leaves-mirrors', 'unconfigured-registry'],
    isWrapper: true,
  },
  {
    id: 'back-off',
    patterns: [/Back-off pulling image/, /ImagePullBackOff/, /ErrImagePull/],
    example: 'Back-off pulling image "nginx:1.27"',
    meaning: () => 'the kubelet waits before it pulls again; this text does not say why the pull failed',
    advice: () => 'the event `Failed to pull image` of `kubectl describe pod` has the reason',
    blames: 'image',
    checks: [],
    isWrapper: true,
  },
];
