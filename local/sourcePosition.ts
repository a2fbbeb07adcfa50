import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";

/** `project:///index.ts#42,3`, as Pulumi's state says it; undefined outside of the project. */
export function sourcePositionOf(
  position: SourcePosition | undefined,
  projectDirectory: string,
): string | undefined {
  if (position?.getUri().startsWith("file://") !== true) return undefined;
  const file = relative(projectDirectory, fileURLToPath(position.getUri()));
  if (file.startsWith("..")) return undefined;
  const path = file.split(sep).join("/");
  return `project:///${path}#${position.getLine()},${position.getColumn()}`;
}
