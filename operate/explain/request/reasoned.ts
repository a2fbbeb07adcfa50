import { allOf, anyOf, not } from "../explanation.ts";
import type { Answer } from "../explanation.ts";

/** An answer with what decides it, as text without a full stop: `methods requires POST, and the request has GET`. */
export interface Reasoned {
  readonly answer: Answer;
  readonly because: string;
}

/** Yes if all are, for all of their reasons; else the first reason that decides. */
export function every(parts: readonly Reasoned[]): Reasoned {
  return combined(allOf(parts.map(({ answer }) => answer)), parts, "yes");
}

/** Yes if any is, for its reason; no if none is, for all of their reasons. */
export function some(parts: readonly Reasoned[]): Reasoned {
  return combined(anyOf(parts.map(({ answer }) => answer)), parts, "no");
}

export function negated({ answer, because }: Reasoned): Reasoned {
  return { answer: not(answer), because };
}

/** @param whole the answer for which every part is a reason */
function combined(answer: Answer, parts: readonly Reasoned[], whole: Answer): Reasoned {
  const deciding = parts.filter((part) => part.answer === answer && part.because !== "");
  const reasons = deciding.map(({ because }) => because);
  return { answer, because: (answer === whole ? reasons : reasons.slice(0, 1)).join("; ") };
}
