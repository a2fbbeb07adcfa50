import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshPlan, UpgradePhase, UpgradeStep } from "../../mesh/upgrade.ts";
import { UsageError } from "../../offline/errors.ts";
import { editedStep, isAtEnd, meshStateOf } from "./editStep.ts";
import type { StepChoice } from "./editStep.ts";
import type { ValidStack } from "./validStack.ts";

/** From where a stack stands to where a run ends. */
export interface Course {
  readonly choice: StepChoice;
  /** Ends the run in this phase. */
  readonly stopAfter: UpgradePhase | undefined;
}

const PHASES: readonly MeshPlan["phase"][] = ["none", "prepared", "canary", "promoted"];

/**
 * Refuses what a run would only find out on the way, for every stack before the first one is touched.
 *
 * @throws UsageError with what is wrong with each stack
 */
export function requireCourses(stacks: readonly ValidStack[], course: Course): void {
  const problems = stacks.flatMap((valid) => {
    const problem = problemOf(valid, course);
    if (problem === undefined) return [];
    return [stacks.length === 1 ? problem : `The stack ${valid.stack.stack}: ${problem}`];
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
}

function problemOf(
  { project, stack, settings, assumptions }: ValidStack,
  { choice, stopAfter }: Course,
): string | undefined {
  try {
    const mesh = meshStateOf(settings);
    if (isAtEnd(mesh, choice)) return undefined;
    editedStep(project, stack, settings, assumptions, choice);
    return stopAfter === undefined
      ? undefined
      : passedProblem(planMesh(mesh).phase, stopAfter, choice);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** A run that has passed the phase in which it is to stop would not stop before the end. */
function passedProblem(
  phase: MeshPlan["phase"],
  stopAfter: UpgradePhase,
  { direction }: StepChoice,
): string | undefined {
  const ahead = PHASES.indexOf(stopAfter) - PHASES.indexOf(phase);
  if (phase === "none" || (direction === "next" ? ahead >= 0 : ahead <= 0)) return undefined;
  return direction === "next"
    ? `The upgrade is ${phase} already, so a run cannot stop after ${stopAfter}. Leave out --stop-after to go on to the end, or go back with --back.`
    : `The upgrade is only ${phase}, so a run back cannot stop after ${stopAfter}. Leave out --stop-after to go back to the beginning.`;
}

/** The steps from where a stack stands, without taking any. */
export function courseText(
  { project, stack, settings, assumptions }: ValidStack,
  { choice, stopAfter }: Course,
): string {
  let mesh = meshStateOf(settings);
  const lines: string[] = [];
  const deploy = ({ revisions }: MeshPlan) =>
    `deploy (AKS runs ${revisions.join(", ")}), restart what follows another revision, verify`;
  const { phase } = planMesh(mesh);
  const isOver = isAtEnd(mesh, choice);
  const settlesFirst = phase !== "none" && (choice.direction === "next" || phase === stopAfter);
  if (settlesFirst || isOver) lines.push(deploy(planMesh(mesh)));
  if (phase !== stopAfter && !isOver) {
    let step: UpgradeStep | undefined = editedStep(
      project,
      stack,
      settings,
      assumptions,
      choice,
    ).step;
    while (step !== undefined) {
      mesh = step.leadsTo;
      const plan = planMesh(mesh);
      lines.push(step.does, deploy(plan));
      step =
        plan.phase === stopAfter ? undefined : choice.direction === "back" ? plan.back : plan.next;
    }
  }
  const numbered = lines.map((line, i) => `  ${i + 1}. ${line}\n`).join("");
  return `A run would do this, and stop at the first doubt:\n${numbered}`;
}
