import type { Plan, PlannedResource, PolicyViolation } from "../../offline/plan/plan.ts";
import { isOfCoverage } from "../reports/summary.ts";
import type { Judgement, Unjudged } from "../reports/summary.ts";

/** What a comparison reads of a plan. */
export interface Side {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly PlannedResource[];
  readonly contents: readonly PlannedResource[];
  readonly violations: readonly PolicyViolation[];
  readonly notJudged: readonly Unjudged[];
}

export function sideOf(plan: Plan, { notJudged }: Judgement): Side {
  return {
    project: plan.project,
    stack: plan.stack,
    resources: plan.resources,
    contents: plan.contents,
    violations: plan.violations.filter((violation) => !isOfCoverage(plan, violation)),
    notJudged,
  };
}

/** The side of a stack that does not exist yet. */
export function nothing(project: string, stack: string): Side {
  return { project, stack, resources: [], contents: [], violations: [], notJudged: [] };
}
