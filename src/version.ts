import manifest from '../package.json' with { type: 'json' };

/** The version of this mirrorproof, as in package.json. */
export const { version } = manifest;
