import type { Plan } from "../offline/plan/plan.ts";
import type { ProgramOptions } from "./previewOptions.ts";
import { displayPath } from "./output/problems.ts";
import { Places } from "./reports/places.ts";
import { StackFilePositions } from "./stack/stackFilePositions.ts";

/** The source positions of a plan's resources, in the program and in the stack file. */
export function placesOf(plan: Plan, { project, stackFile }: ProgramOptions): Places {
  const positions =
    stackFile === undefined ? undefined : StackFilePositions.of(stackFile, project.name);
  return stackFile === undefined || positions === undefined
    ? new Places(plan)
    : new Places(plan, { file: displayPath(project.directory, stackFile), positions });
}
