import type { Unknown } from "./cursor.ts";

/**
 * The finding of a rule: a violation, as a sentence with the place, the value and the fix; a question that it cannot
 * decide; or a value that it needs and cannot read.
 */
export type Finding = string | NotJudged | Unknown;

/**
 * A question that a rule cannot decide in a preview. The policy `mesh-coverage` reports it, so the rule itself stops a
 * deployment only for violations.
 */
export class NotJudged {
  /** Why the rule cannot decide, and how to change that. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The judgement of a rule about one target of a resource. */
export interface Judgement {
  /** The index of the target in the resource. */
  readonly index: number;
  /** `excepted` is a violation that the configuration allows for a limited time. */
  readonly outcome: "violation" | "excepted" | "unjudged";
  /** Whether it is about a value that is not known yet, and not about one that is wrong. */
  readonly unknown?: true;
  /** The name of the target in messages. */
  readonly label: string;
  /** The message, without the label. */
  readonly text: string;
}

/** No program computes the values of a manifest: one that is not known is set where nobody looks, such as in a Secret. */
export function undecided(judgement: Judgement): Judgement {
  return judgement.unknown === true ? { ...judgement, outcome: "unjudged" } : judgement;
}
