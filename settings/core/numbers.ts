import { z } from "zod";

/**
 * A whole number within bounds. Every message says what it is, such as "the port of the Service", and its bounds.
 */
export function wholeNumber(what: string, minimum: number, maximum?: number): z.ZodInt {
  const range = maximum === undefined ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`;
  const rule = `must be ${what}, a whole number ${range}`;
  const error = ({ input }: { readonly input?: unknown }) => {
    const quoted = typeof input === "string" && /^-?\d+(\.\d+)?$/.test(input);
    return quoted ? `${rule}, without quotes` : rule;
  };
  const number = z.int({ error, abort: true }).min(minimum, { error: rule });
  return maximum === undefined ? number : number.max(maximum, { error: rule });
}
