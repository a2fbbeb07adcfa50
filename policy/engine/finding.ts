import type { Unknown } from "./cursor.ts";

/**
 * What a rule finds: a violation, said in a sentence that names the thing, the value and the change to make; something
 * that it cannot decide; or a value that it needs and cannot read.
 */
export type Finding = string | NotJudged | Unknown;

/**
 * What a rule cannot decide from what a preview shows. The policy `mesh-coverage` reports it, so that the rule itself
 * stops a deployment for what is wrong and for nothing else.
 */
export class NotJudged {
  /** Why, and how to let the rule decide. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What a rule says of one of the things that a resource holds. */
export interface Judgement {
  /** Which of the things. */
  readonly index: number;
  /** `excepted` is a violation that the configuration allows for a while. */
  readonly outcome: "violation" | "excepted" | "unjudged";
  /** How messages call the thing. */
  readonly label: string;
  /** What there is to say of it, without the label. */
  readonly text: string;
}
