import type { Plan } from "../../offline/plan/plan.ts";
import type { Comparison } from "../reports/comparison.ts";
import type { Failure } from "../reports/failure.ts";
import type { Places } from "../reports/places.ts";
import type { Judgement } from "../reports/summary.ts";

/** A plan as a page: one file that loads nothing and needs no script. */
export async function toHtml(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  comparison?: Comparison,
): Promise<string> {
  const [{ planPage }, { graphviz }] = await Promise.all([
    import("./page/page.ts"),
    import("./drawing/layout.ts"),
  ]);
  return planPage({ plan, judgement, places, comparison }, await graphviz());
}

/** A page that says why there is no plan. */
export async function failureToHtml(failure: Failure): Promise<string> {
  const { failurePage } = await import("./page/failurePage.ts");
  return failurePage(failure);
}
