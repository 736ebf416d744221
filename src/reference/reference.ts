/** An image reference, normalised as containerd does it (distribution/reference `ParseDockerRef`). */
export interface Reference {
  /** Host and port that the reference names: containerd's namespace (`docker.io`, `10.10.1.106:5000`). */
  readonly domain: string;
  /** Repository within the domain (`library/nginx`). */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}
