import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";

/**
 * `project:///index.ts#42,3`, as Pulumi's state says it; undefined outside of the project's own files. What a package
 * made is at a line of that package, which its source map may even place in a file that is not there.
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
