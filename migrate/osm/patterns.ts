import { sequencesOf } from "./expression.ts";
import type { Part } from "./expression.ts";

/** The values of an AuthorizationPolicy that match what an expression matches. */
export interface Patterns {
  /** Empty if everything matches, so no condition is needed. */
  readonly values: readonly string[];
  /** Whether they match less than the expression. They never match more. */
  readonly isNarrower: boolean;
}

/** One of them; `everything` needs no condition, and `nothing` cannot occur. */
type Pattern =
  { readonly values: readonly string[]; readonly isNarrower?: boolean } | "everything" | "nothing";

/**
 * The patterns of `paths` for an expression about paths: exact, a prefix, a suffix, or a template.
 *
 * @returns undefined if none match the same or less
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export function pathPatterns(expression: string): Patterns | undefined {
  return patternsOf(expression, (parts) => {
    // A path is never empty, and always begins with a slash.
    if (parts.length === 0) return "nothing";
    if (isOnly(parts, "any") || isOnly(parts, "some")) return "everything";
    const simple = simplePattern(parts);
    return simple === undefined ? templates(parts) : { values: [simple] };
  });
}

/**
 * The same for the values of a header. A header that may have any value must be there.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/
 */
export function headerPatterns(expression: string): Patterns | undefined {
  return patternsOf(expression, (parts) => {
    const simple = isOnly(parts, "any") ? "*" : simplePattern(parts);
    return simple === undefined ? undefined : { values: [simple] };
  });
}

function patternsOf(
  expression: string,
  patternOf: (parts: readonly Part[]) => Pattern | undefined,
): Patterns | undefined {
  const sequences = sequencesOf(expression);
  if (sequences === undefined) return undefined;
  const patterns = sequences.map((parts) => patternOf(withDots(parts)));
  if (patterns.includes("everything")) return { values: [], isNarrower: false };
  const known = patterns.filter((one) => typeof one === "object");
  const values = [...new Set(known.flatMap((one) => one.values))];
  if (values.length === 0) return undefined;
  return {
    values,
    isNarrower:
      patterns.includes(undefined) ||
      known.some(({ isNarrower = false }) => isNarrower) ||
      sequences.some((parts) => parts.includes("one")),
  };
}

/** Most people who write `.` in a path mean a dot, and no pattern matches any single character. */
function withDots(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    const text = part === "one" ? "." : typeof part === "object" ? part.text : undefined;
    if (text === undefined) result.push(part);
    else if (typeof last === "object") result[result.length - 1] = { text: last.text + text };
    else result.push({ text });
  }
  return result;
}

function isOnly(parts: readonly Part[], part: Part): boolean {
  return parts.length === 1 && parts[0] === part;
}

/** `text`, `text*` or `*text`. */
function simplePattern(parts: readonly Part[]): string | undefined {
  const texts = parts.map((part) => (typeof part === "object" ? part.text : part));
  // Istio would read these as patterns.
  if (parts.some((part) => typeof part === "object" && /[*{}]/.test(part.text))) return undefined;
  const [first, second, ...more] = texts;
  if (more.length > 0 || first === undefined) return undefined;
  if (second === undefined) return typeof parts[0] === "object" ? first : undefined;
  if (parts[0] === "any" && typeof parts[1] === "object") return `*${second}`;
  return parts[1] === "any" && typeof parts[0] === "object" ? `${first}*` : undefined;
}

/**
 * What a literal part of a template may be.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/security/security.go
 */
const LITERAL = /^(\/[\w.~%!$&'()+,;:@=-]+)*\/?$/;

/**
 * The path as templates: `{*}` is one segment, and `{**}` any text, once and behind all others. `/a/.+` becomes two, which
 * do not match empty segments.
 */
function templates(parts: readonly Part[]): Pattern | undefined {
  let template = "";
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (typeof part === "object") {
      if (!part.text.startsWith("/") || !LITERAL.test(part.text)) return undefined;
      template += part.text;
    } else if (!template.endsWith("/") || template.includes("{**}")) {
      return undefined;
    } else if (part === "segment") {
      template += "{*}";
    } else if (part === "any") {
      template += "{**}";
    } else {
      return isLast
        ? { values: [`${template}{*}`, `${template}{*}/{**}`], isNarrower: true }
        : undefined;
    }
  }
  return { values: [template] };
}
