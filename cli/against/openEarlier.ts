import { UsageError } from "../../offline/errors.ts";
import { readPlan } from "../change/planFile.ts";
import type { Side } from "../change/side.ts";
import { planJson } from "../planJson.ts";
import type { ProgramOptions } from "../previewOptions.ts";
import { earlierState } from "../repository/earlierState.ts";
import type { Earlier } from "./earlier.ts";
import { EarlierRevision } from "./earlierRevision.ts";
import type { EarlierOptions } from "./earlierRevision.ts";

/**
 * Finds what `--against` names.
 *
 * @param directory the project's
 * @throws UsageError if it is neither a revision nor a file
 */
export function openEarlier(name: string, directory: string, options: EarlierOptions): Earlier {
  const state = earlierState("--against", name, directory);
  if ("commit" in state) return new EarlierRevision(name, state.commit, options);
  return {
    name,
    sideOf: (now) => Promise.resolve({ side: planIn(state.file, now), notes: [] }),
  };
}

function planIn(file: string, { project, stack }: ProgramOptions): Side {
  const side = readPlan(planJson(file), file, stack);
  if (side.project !== project.name || side.stack !== stack) {
    throw new UsageError(
      `${file} is the plan of the stack ${side.stack} of ${side.project}, and cannot be compared with the stack ${stack} of ${project.name}. Name the same stack with --stack, or pass its plan.`,
    );
  }
  return side;
}
