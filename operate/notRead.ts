/** Why something is not known. It is never the same as nothing. */
export interface NotRead {
  /** A sentence. */
  readonly reason: string;
  /** A sentence with what to do. */
  readonly fix: string;
}
