import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Every place where a file has not its shape, one a line: `file: path: message`. */
export function schemaProblems(file: string, { issues }: z.ZodError): string[] {
  return issues
    .flatMap(meant)
    .map(({ path, message }) =>
      [file, path.join("."), message].filter((part) => part !== "").join(": "),
    );
}

/** Of the alternatives of a union, the one that fits furthest is what was meant. */
function meant(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const alternatives = issue.errors.map((issues) => issues.flatMap(meant));
  const depth = Math.max(...alternatives.map(depthOf));
  if (depth === 0) return [issue];
  return (alternatives.find((issues) => depthOf(issues) === depth) ?? []).map((inner) => ({
    ...inner,
    path: [...issue.path, ...inner.path],
  }));
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}
