import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";

/**
 * `project:///index.ts#42,3`, as in Pulumi's state; undefined outside the project's own files. A package's position
 * would be a line in the package, or even in a missing source file that its source map names.
 */
export function sourcePositionOf(
  position: SourcePosition | undefined,
  projectDirectory: string,
): string | undefined {
  if (position?.getUri().startsWith("file://") !== true) return undefined;
  const file = relative(projectDirectory, fileURLToPath(position.getUri()));
  const parts = file.split(sep);
  if (parts[0] === ".." || parts.includes("node_modules")) return undefined;
  const path = parts.join("/");
  return `project:///${path}#${position.getLine()},${position.getColumn()}`;
}
