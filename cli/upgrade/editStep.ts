import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { catalog } from "../../mesh/catalog.ts";
import type { Problem } from "../../mesh/problem.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshState, UpgradeStep } from "../../mesh/upgrade.ts";
import { judgeChange } from "../../mesh/upgradeChange.ts";
import type { Circumstances } from "../../mesh/upgradeTarget.ts";
import { backStep, nextStep } from "../../mesh/upgradeStep.ts";
import { UsageError } from "../../offline/errors.ts";
import type { Assumptions } from "../../offline/engine/assumptions.ts";
import type { Project } from "../../offline/project/project.ts";
import { parseStackFile } from "../../offline/project/stackFile.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import type { Settings } from "../../settings/schema.ts";
import { OutputFiles } from "../output/outputFiles.ts";
import { editedStackFile } from "../stack/meshEdit.ts";
import { settingsOf } from "../stack/stackSettings.ts";

/** A step of the upgrade as an edit of the stack file, which is not written yet. */
export interface EditedStep {
  readonly step: UpgradeStep;
  readonly before: MeshState;
  /** As the user would name the file. */
  readonly file: string;
  readonly textBefore: string;
  readonly textAfter: string;
  /** What only Azure can tell, such as whether it offers the target. */
  readonly warnings: readonly Problem[];
}

/** Which step to take. */
export interface StepChoice {
  readonly direction: "next" | "back";
  readonly to: MeshRevision | undefined;
}

/**
 * The next step, or the step back, as an edit of the stack file.
 *
 * @throws UsageError if there is no such step, it is not legal, or the file cannot be edited
 */
export function editedStep(
  project: Project,
  stack: StackFile,
  settings: Settings,
  assumptions: Assumptions,
  choice: StepChoice,
): EditedStep {
  const before = meshStateOf(settings);
  if (stack.file === undefined) {
    throw new UsageError(`The stack ${stack.stack} has no file that could be edited.`);
  }
  const { kubernetesVersion, supportPlan: plan } = settings.cluster;
  const circumstances = { day: catalog.asOf, cluster: { kubernetesVersion, plan } };
  const step = stepOf(before, choice, circumstances);
  const problems = judgeChange(before, step.leadsTo, circumstances);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new UsageError(errors.map(({ message }) => message).join("\n"));
  const inside = relative(process.cwd(), stack.file);
  const file = inside.startsWith("..") ? stack.file : inside;
  const textBefore = readFileSync(stack.file, "utf8");
  const textAfter = editedStackFile({
    text: textBefore,
    file,
    project: project.name,
    before,
    after: step.leadsTo,
  });
  const edited = { ...stack, ...parseStackFile(stack.stack, textAfter, stack.file) };
  settingsOf(project, edited, assumptions);
  return { step, before, file, textBefore, textAfter, warnings: problems };
}

/**
 * Whether a run has no step to take: no upgrade is in progress, and none is to begin. Only a target begins one, so a run
 * that resumes at the end does not begin another.
 */
export function isAtEnd({ settings }: MeshState, { to }: StepChoice): boolean {
  return settings.upgrade === undefined && (to === undefined || to === settings.revision);
}

/**
 * Writes an edit to the stack file.
 *
 * @throws UsageError if the file cannot be written, or somebody has changed or removed it since it was read, such
 * as while the cluster was asked
 */
export function writeStep({ file, textBefore, textAfter }: EditedStep): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== textBefore) {
    throw new UsageError(`${file} has changed meanwhile, so it is left as it is.`);
  }
  new OutputFiles([file]).write([textAfter]);
}

/**
 * The state of the mesh in the settings.
 *
 * @throws UsageError if the revisions are not in the settings
 */
export function meshStateOf({ mesh, namespaces }: Settings): MeshState {
  if (mesh.revisions === "external") {
    throw new UsageError(
      "With mesh.management: external, the mesh is upgraded outside the program: see docs/upgrading.md.",
    );
  }
  return { settings: mesh.revisions, namespaces: meshNamespaces(namespaces) };
}

/** @throws UsageError if there is no such step */
function stepOf(
  before: MeshState,
  { direction, to }: StepChoice,
  circumstances: Circumstances,
): UpgradeStep {
  const step = direction === "back" ? backStep(before) : nextStep(before, to, circumstances);
  if ("problem" in step) throw new UsageError(step.problem);
  return step;
}
