import { Places } from "../../cli/reports/places.ts";
import { judgementOf } from "../../cli/reports/summary.ts";
import { StackFilePositions } from "../../cli/stack/stackFilePositions.ts";
import type { Plan } from "../../offline/plan/plan.ts";

/** The input of a report: a plan with its judgement, and a stack file if the test has one. */
export function reported(
  plan: Plan,
  { requireJudged = false, stackFile }: { requireJudged?: boolean; stackFile?: string } = {},
) {
  const positions = stackFile && new StackFilePositions(stackFile, plan.project);
  return [
    plan,
    judgementOf(plan, requireJudged),
    new Places(plan, positions ? { file: "Pulumi.dev.yaml", positions } : undefined),
  ] as const;
}
