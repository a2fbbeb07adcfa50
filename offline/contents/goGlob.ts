import { existsSync, readdirSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** Whether a path is a pattern, as the Kubernetes provider decides it. */
export function isPattern(path: string): boolean {
  return /(?:^|[^\\])[*?[]/.test(path);
}

/**
 * The paths that match a pattern, sorted, as Go's `filepath.Glob` returns them: `*` and `?` also match a leading dot, and
 * `**` is the same as `*`.
 *
 * @see https://pkg.go.dev/path/filepath#Glob
 */
export function glob(pattern: string, directory: string): readonly string[] {
  const segments = pattern.split("/").filter((segment) => segment !== "");
  const root = isAbsolute(pattern) ? "/" : "";
  return segments.reduce<readonly string[]>(
    (paths, segment) => paths.flatMap((path) => entries(path, segment, directory)),
    [root],
  );
}

function entries(path: string, segment: string, directory: string): readonly string[] {
  const at = (name: string) => (path === "" ? name : join(path, name));
  const absolute = (relative: string) =>
    isAbsolute(relative) ? relative : join(directory, relative);
  if (!isPattern(segment)) {
    const literal = at(segment.replace(/\\(.)/g, "$1"));
    return existsSync(absolute(literal)) ? [literal] : [];
  }
  const parent = absolute(path);
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const expression = expressionOf(segment);
  return readdirSync(parent)
    .filter((name) => expression.test(name))
    .sort()
    .map(at);
}

/** @throws if the pattern is malformed */
function expressionOf(segment: string): RegExp {
  const parts = segment.match(/\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\[]/gs) ?? [];
  if (parts.join("") !== segment) throw new Error(`syntax error in pattern: ${segment}`);
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.startsWith("[")) return part.replace(/^\[\^/, "[^").replace(/(?<=.)\[/g, "\\[");
    return part.replace(/^\\/, "").replace(/[.*+?^${}()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "su");
}
