import type { Place } from "../../manifests/manifest.ts";
import type { Step } from "../report.ts";
import type { Circumstances } from "./commonSteps.ts";
import type { Outcome } from "./finding.ts";

/** What is said of one place of the manifests, or of an object of a cluster. */
export interface Entry {
  readonly outcome: Outcome;
  /** `Gateway shop/public`. */
  readonly subject: string;
  /** Undefined for what was read from a cluster. */
  readonly place: Place | undefined;
  /** The field: `spec.selector.istio`; empty for the whole object. */
  readonly field: string;
  readonly message: string;
  /** Present if it is a blocker. */
  readonly fix?: string;
  /** Present if it is a change. */
  readonly before?: string;
  readonly after?: string;
}

/** A way to migrate. */
export interface Way {
  /** `With a second cluster`. */
  readonly title: string;
  readonly about: string;
  readonly steps: readonly Step[];
}

export interface MigrationReport {
  readonly entries: readonly Entry[];
  /** The number of objects that stay as they are. */
  readonly untouched: number;
  /** What the ways to migrate depend on. */
  readonly circumstances: Circumstances;
}

/** Whether something must be solved by hand. */
export function hasBlockers(entries: readonly Entry[]): boolean {
  return entries.some(({ outcome }) => outcome === "blocker");
}
