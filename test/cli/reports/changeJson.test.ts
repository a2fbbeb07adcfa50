import { expect, test } from "vitest";
import { changeBetween } from "../../../cli/change/change.ts";
import { sideOf } from "../../../cli/change/side.ts";
import { changeField } from "../../../cli/reports/changeJson.ts";
import { judgementOf } from "../../../cli/reports/summary.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { plan, resource, stack } from "../../support/plan.ts";

test("a dangerous change has its warning", () => {
  const cluster = (revisions: readonly string[]) =>
    resource({
      ...{ type: "azure-native:containerservice:ManagedCluster", name: "mesh", parent: stack() },
      inputs: { serviceMeshProfile: { istio: { revisions } } },
    });
  const side = (of: Plan) => sideOf(of, judgementOf(of, false));
  const [before, after] = [["asm-1-29"], ["asm-1-30"]].map((revisions) =>
    plan([stack(), cluster(revisions)]),
  ) as [Plan, Plan];
  const change = changeBetween(side(before), side(after), after, String);
  expect(changeField({ name: "main", notes: [], newOnly: false, change })).toMatchObject({
    changed: [
      {
        type: "azure-native:containerservice:ManagedCluster",
        warning: expect.stringMatching(/^stops asm-1-29 in the deployment/) as string,
        properties: [
          {
            path: "serviceMeshProfile.istio.revisions[0]",
            before: "asm-1-29",
            after: "asm-1-30",
          },
        ],
      },
    ],
  });
});
