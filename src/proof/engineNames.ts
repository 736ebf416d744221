/** The engines by which pulls can be proved. */
export const engineNames = ['containerd', 'kind', 'probe'] as const;

/** Name of an engine. */
export type EngineName = (typeof engineNames)[number];
