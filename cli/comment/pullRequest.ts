import { UsageError } from "../../offline/errors.ts";

/** A comment on a pull request. */
export interface Comment {
  readonly id: string;
  readonly text: string;
}

/** More pages of comments than this are not read: a server that always has another one would never end. */
export const MAX_PAGES = 1_000;

/** A pull request, or a merge request of GitLab, with the comments that this run may have written. */
export interface PullRequest {
  /** What people call it: `pull request 7 of owner/name`. */
  readonly name: string;
  /** How many characters a comment may have. */
  readonly limit: number;
  readonly comments: () => Promise<readonly Comment[]>;
  readonly add: (text: string) => Promise<void>;
  readonly change: (comment: Comment, text: string) => Promise<void>;
}

/** A run that may not comment, such as one for a fork, whose token can only read. */
export class NotPermittedError extends Error {}

/** A pull request whose comments do not end. */
export class TooManyCommentsError extends UsageError {
  constructor() {
    super(`The pull request has more than ${MAX_PAGES} pages of comments, so none is written.`);
  }
}

/** The variables that describe a run to its commands. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable that every run has.
 *
 * @throws UsageError without it
 */
export function variable(env: Environment, name: string): string {
  const { [name]: value = "" } = env;
  if (value !== "") return value;
  throw new UsageError(
    `${name} is not set. The pipeline sets it; hand it on to the container that runs this.`,
  );
}
