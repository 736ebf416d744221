/** The host that an error speaks of, as a sentence and as a piece of configuration name it. */
export interface AskedHost {
  /** `10.10.1.106:5000` between backticks, or "the registry" where the text names none. */
  readonly name: string;
  /** The host alone, or HOST where the text names none. */
  readonly host: string;
}

/**
 * Which line an error most often comes from, where no check says more:
 *
 * - `endpoint`: the one that was asked, or the image where the registry itself was asked;
 * - `login`: that of the host that was asked, or what the workload says about its pull secret, or the image;
 * - `tls`: the TLS settings of the host that was asked, or its endpoint;
 * - `image`: where the image is named;
 * - `node`: the node's own config.toml, or where the node is named;
 * - `hosts-file`: the hosts.toml that the text names;
 * - `nothing`: no line of the repository.
 */
export type Blamed = 'endpoint' | 'login' | 'tls' | 'image' | 'node' | 'hosts-file' | 'nothing';

/** Why a pull fails: one entry, by which its error is known in a text. */
export interface Cause {
  /** Stable, kebab-case. */
  readonly id: string;
  /**
   * Any of them is enough. They take time in proportion to the text, whatever is in it: no repetition without a bound, and
   * none within another.
   */
  readonly patterns: readonly RegExp[];
  /** A real text, for the page of causes; it is recognized as this cause. */
  readonly example: string;
  /** What happened, in one sentence that goes on after a small letter or a name. */
  readonly meaning: (asked: AskedHost) => string;
  /** What to look for and to do, where no check says more. */
  readonly advice: (asked: AskedHost) => string;
  readonly blames: Blamed;
  /** Checks that find what leads to this error, the likeliest first. */
  readonly checks: readonly string[];
  /**
   * The error may come from a mirror that the node does not use: then the checks on that are looked at too. Those that only say
   * that a registry is out of reach are not, where it has answered.
   */
  readonly mirrorBypass?: 'unreached' | 'answered';
  /** A text around another error, which says nothing by itself. */
  readonly isWrapper?: true;
  /** No error, but a remark in a log that explains others. */
  readonly isRemark?: true;
  /** Only an image pull, or the configuration of one, brings this text: it needs no other sign that it is about a pull. */
  readonly isUnmistakable?: true;
}
