/** An answer in a logic of three values: `unknown` depends on something that could not be read or cannot be known. */
export type Answer = "yes" | "no" | "unknown";

/** One step on the way to a verdict. */
export interface Step {
  /** What the step is about, in a few words: `webhook`, `route`, `mutual TLS`. */
  readonly name: string;
  /** Whether it leads to a sidecar, or lets the request pass. */
  readonly answer: Answer;
  /** The object that decides, with the field: `AuthorizationPolicy shop/backend spec.rules[0]`. */
  readonly decidedBy?: string;
  /** A sentence with the values that decide. */
  readonly message: string;
}

/** The result of all steps. */
export interface Verdict {
  readonly answer: Answer;
  /** In a few words: `denied: 403`. */
  readonly outcome: string;
  /** A sentence with the reason. */
  readonly message: string;
  /** A sentence with what to do; present unless the answer is yes. */
  readonly fix?: string;
  /** Commands that do it, one a line of a shell. */
  readonly commands?: readonly string[];
}

/** What happens to a pod or a request, and why, step by step in the order in which it happens. */
export interface Explanation {
  /** `Pod shop/web-1`. */
  readonly subject: string;
  /** Where the objects were read: `context prod`. */
  readonly from: string;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
}

const EXIT_CODES: Readonly<Record<Answer, number>> = { yes: 0, no: 1, unknown: 2 };

/** The exit code of a command that explains: 0 for yes, 1 for no, 2 if it is not known. */
export function exitCodeOf({ verdict }: Explanation): number {
  return EXIT_CODES[verdict.answer];
}

/** Yes if all are; no if any is, whatever else is unknown. */
export function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

/** Yes if any is, whatever else is unknown; no if all are. */
export function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}

export function not(answer: Answer): Answer {
  if (answer === "unknown") return answer;
  return answer === "yes" ? "no" : "yes";
}

export function answerOf(value: boolean): Answer {
  return value ? "yes" : "no";
}
