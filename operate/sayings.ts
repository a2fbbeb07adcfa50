import type { NotRead } from "./notRead.ts";
import type { Observation } from "./observation.ts";

type Say = (
  subject: string,
  message: string,
  fix: string,
  commands?: readonly string[],
) => Observation;

/** Makes the observations of a check. */
export interface Sayings {
  readonly passed: (subject: string, message: string) => Observation;
  readonly warning: Say;
  readonly failed: Say;
  readonly unchecked: (subject: string, why: NotRead) => Observation;
}

/** What the check of a name says. */
export function sayings(check: string): Sayings {
  const say =
    (outcome: "warning" | "failed"): Say =>
    (subject, message, fix, commands = []) => ({
      check,
      outcome,
      subject,
      message,
      fix,
      ...(commands.length === 0 ? {} : { commands }),
    });
  return {
    passed: (subject, message) => ({ check, outcome: "passed", subject, message }),
    warning: say("warning"),
    failed: say("failed"),
    unchecked: (subject, { reason, fix }) => ({
      check,
      outcome: "unchecked",
      subject,
      message: reason,
      fix,
    }),
  };
}
