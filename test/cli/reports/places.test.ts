import { expect, test } from "vitest";
import { Places } from "../../../cli/reports/places.ts";
import { plan, resource, stack } from "../../support/plan.ts";

const root = stack();
const cluster = resource({
  ...{ type: "aks-istio:index:MeshCluster", name: "shop", custom: false, parent: root },
  sourcePosition: "project:///index.ts#9,17",
});
// As a package creates it: the line is in the package.
const inside = resource({ type: "a:b:ManagedCluster", name: "shop", parent: cluster });
const elsewhere = resource({ type: "a:b:Group", name: "orders", parent: root });
const places = new Places(plan([root, cluster, inside, elsewhere]));

test.each([
  [cluster, "MeshCluster shop (index.ts:9)"],
  [inside, "ManagedCluster shop (index.ts:9)"],
  [elsewhere, "Group orders"],
])("a resource without a line is at that of its component: %#", ({ urn }, text) => {
  expect(places.whereIs(urn)).toBe(text);
});
