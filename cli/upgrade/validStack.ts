import type { Assumptions } from "../../offline/engine/assumptions.ts";
import type { Project } from "../../offline/project/project.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import type { Settings } from "../../settings/schema.ts";

/** A stack whose settings are valid. */
export interface ValidStack {
  readonly project: Project;
  readonly stack: StackFile;
  readonly settings: Settings;
  readonly assumptions: Assumptions;
}
