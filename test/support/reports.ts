import { Places } from "../../cli/reports/places.ts";
import { judgementOf } from "../../cli/reports/summary.ts";
import { StackFilePositions } from "../../cli/stack/stackFilePositions.ts";
import type { Plan } from "../../offline/plan/plan.ts";

/** What a report is made of: a plan with its judgement, and a stack file where the test has one. */
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
