import { expect, test } from "vitest";
import { revisionStepWarning } from "../../../cli/change/revisionStep.ts";
import type { Properties, Value } from "../../../offline/plan/values.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { resource } from "../../support/plan.ts";

const TYPE = "azure-native:containerservice:ManagedCluster";
const mesh = (revisions: readonly string[]): Properties => ({
  serviceMeshProfile: { mode: "Istio", istio: { revisions } },
});

const warning = (before: Properties, after: Properties, type = TYPE) =>
  revisionStepWarning({
    before: resource({ type, name: "mesh", inputs: before }),
    after: resource({ type, name: "mesh", inputs: after }),
  });
const step = (before: readonly string[], after: readonly string[]) =>
  warning(mesh(before), mesh(after));

test.each([
  [["asm-1-29"], ["asm-1-29", "asm-1-30"]],
  [["asm-1-29", "asm-1-30"], ["asm-1-30"]],
  [["asm-1-29", "asm-1-30"], ["asm-1-29"]],
  [
    ["asm-1-29", "asm-1-30"],
    ["asm-1-30", "asm-1-29"],
  ],
  [[], ["asm-1-30"]],
  [["asm-1-30"], []],
])("%j to %j is a step of a canary upgrade, or none", (before, after) => {
  expect(step(before, after)).toBeUndefined();
});

test("one revision may not take the place of another in one deployment", () => {
  expect(step(["asm-1-29"], ["asm-1-30"])).toBe(
    "stops asm-1-29 in the deployment that starts asm-1-30, while pods still have sidecars of asm-1-29. First deploy both revisions, then move the workloads, and stop asm-1-29 last: https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  );
});

test.each([
  [["asm-1-30"], ["asm-1-29"], "stops asm-1-30 in the deployment that starts asm-1-29,"],
  [
    ["asm-1-29", "asm-1-30"],
    ["asm-1-30", "asm-1-31"],
    "stops asm-1-29 in the deployment that starts asm-1-31,",
  ],
  [
    ["asm-1-28", "asm-1-29"],
    ["asm-1-30", "asm-1-31"],
    "stops asm-1-28, asm-1-29 in the deployment that starts asm-1-30, asm-1-31,",
  ],
])("nor %j become %j", (before, after, text) => {
  expect(step(before, after)).toContain(text);
});

test("a cluster of a version of the API is one, too; another resource is not", () => {
  const [before, after] = [mesh(["asm-1-29"]), mesh(["asm-1-30"])];
  const versioned = "azure-native:containerservice/v20250901:ManagedCluster";
  expect(warning(before, after, versioned)).toContain("stops asm-1-29");
  expect(warning(before, after, "aks-istio:index:MeshCluster")).toBeUndefined();
});

test("nor is a list with an item that is not known", () => {
  const started = (revision: Value) =>
    warning(mesh(["asm-1-29"]), { serviceMeshProfile: { istio: { revisions: [revision] } } });
  expect(started("asm-1-30")).toContain("stops asm-1-29");
  expect(started(UNKNOWN)).toBeUndefined();
  expect(started(markSecret("asm-1-30"))).toBeUndefined();
});

test("what is not known is no step", () => {
  const before = mesh(["asm-1-29"]);
  for (const profile of [UNKNOWN, markSecret(["asm-1-30"]), "Istio", null]) {
    expect(warning(before, { serviceMeshProfile: { istio: profile } })).toBeUndefined();
    expect(warning(before, { serviceMeshProfile: profile })).toBeUndefined();
    const istio = { revisions: profile };
    expect(warning(before, { serviceMeshProfile: { istio } })).toBeUndefined();
  }
});
