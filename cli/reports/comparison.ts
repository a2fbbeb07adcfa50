import type { Change } from "../change/change.ts";

/** A plan compared with an earlier one. */
export interface Comparison {
  /** The revision or the file that it is compared with. */
  readonly name: string;
  /** The hash of the revision. */
  readonly commit?: string;
  /** What a reader of the comparison must know, in sentences. */
  readonly notes: readonly string[];
  readonly change: Change;
  /** Whether only new findings count for the verdict. */
  readonly newOnly: boolean;
}

/** Whether a new finding stops the deployment. */
export function stopsNewly({ violations, notJudged }: Change): boolean {
  return (
    violations.begin.some(({ enforcementLevel }) => enforcementLevel === "mandatory") ||
    notJudged.begin.some(({ stops }) => stops)
  );
}

const SHORT_HASH = 10;

/** `origin/main (3f2a1bc0d9)`; `3f2a1bc0d9` if the hash is what the user named. */
export function comparedWith({ name, commit }: Comparison): string {
  if (commit === undefined) return name;
  const hash = commit.slice(0, SHORT_HASH);
  return commit.startsWith(name.toLowerCase()) ? hash : `${name} (${hash})`;
}
