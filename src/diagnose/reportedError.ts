/** An error as somebody reports it, with what the report says around it. */
export interface ReportedError {
  /** The error itself. */
  readonly text: string;
  /** The node that it is from. */
  readonly node?: string;
  /** The Pod that it is about: `shop/cart-7d9f8`, `pod/cart-7d9f8`. */
  readonly pod?: string;
  /** The image, where the report names it beside the error. */
  readonly image?: string;
  /** How often it came. */
  readonly count: number;
}
