import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Every schema violation in a file, one per line: `file: path: message`. */
export function schemaProblems(file: string, { issues }: z.ZodError): string[] {
  return issues
    .flatMap(meant)
    .map(({ path, message }) =>
      [file, path.join("."), message].filter((part) => part !== "").join(": "),
    );
}

/** For a union, reports the alternative that matches furthest, which is probably the intended one. */
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
