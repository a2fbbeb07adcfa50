import { existsSync } from "node:fs";
import { join } from "node:path";
import { stacksOf } from "../../offline/project/stackFile.ts";
import { loadProject, nearestProject } from "../../offline/project/project.ts";
import type { Cursor } from "./completions.ts";

/** Shells put a candidate into the line as it is, so what a file is named must not be a command of theirs. */
const NAME = /^[\w.-]+$/;

/** The stacks of the project that a command line names, or else of the nearest one; none if it cannot be read. */
export function stacksHere({ positionals: [directory] }: Cursor): readonly string[] {
  const named = directory !== undefined && existsSync(join(directory, "Pulumi.yaml"));
  try {
    const project = named ? loadProject(directory) : nearestProject(process.cwd());
    return stacksOf(project).filter((stack) => NAME.test(stack));
  } catch {
    // An error would land in the middle of the line that the user is typing.
    return [];
  }
}
