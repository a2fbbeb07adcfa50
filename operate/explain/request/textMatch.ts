import type { Reasoned } from "./reasoned.ts";

/** How a route matches a text. */
export interface TextMatch {
  readonly exact?: string;
  readonly prefix?: string;
  /** Matches the whole text, in the syntax of RE2. */
  readonly regex?: string;
}

/**
 * Whether a text matches.
 *
 * @param text undefined if it is not known
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export function matchText(
  name: string,
  { exact, prefix, regex }: TextMatch,
  text: string | undefined,
): Reasoned {
  const [wanted, test] =
    exact !== undefined
      ? [`${name} requires ${exact}`, (value: string) => value === exact]
      : prefix !== undefined
        ? [`${name} requires the prefix ${prefix}`, (value: string) => value.startsWith(prefix)]
        : [`${name} requires a match of ${regex ?? ""}`, expression(regex ?? "")];
  if (text === undefined || test === undefined) {
    const what = test === undefined ? "this expression is not evaluated" : "the value is not known";
    return { answer: "unknown", because: `${wanted}, and ${what}` };
  }
  return { answer: test(text) ? "yes" : "no", because: `${wanted}, and the request has ${text}` };
}

/** Undefined for an expression that JavaScript reads differently from RE2, or not at all. */
function expression(regex: string): ((value: string) => boolean) | undefined {
  if (/\(\?|\\[pPAzCQE]|\[\[:/.test(regex)) return undefined;
  try {
    const whole = new RegExp(`^(?:${regex})$`);
    return (value) => whole.test(value);
  } catch {
    return undefined;
  }
}
