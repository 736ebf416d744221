import { isK3s } from '../configureNode.ts';
import { nothing, type Target } from '../target.ts';

/** The sandbox ("pause") image of k3s and RKE2, in a file beside their `config.yaml`. */
// k3s pkg/configfilearg/parser.go: `config.yaml.d/*.yaml` is read after config.yaml, and a later value wins
export const k3sPauseImage: Target = {
  id: 'k3s-pause-image',
  render: ({ configuration: { profile }, sandboxImage }) => {
    if (!isK3s(profile) || !sandboxImage) return nothing;
    const path = `/etc/rancher/${profile.runtime}/config.yaml.d/zz-mirrorproof.yaml`;
    const text =
      '# Written by mirrorproof: the sandbox image that `images` in registries.yaml names.\n' +
      `pause-image: ${JSON.stringify(sandboxImage.value)}\n`;
    return { files: [{ path, text, install: 'restart' }] };
  },
};
