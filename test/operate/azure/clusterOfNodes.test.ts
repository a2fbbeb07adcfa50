import { afterEach, beforeEach, expect, test } from "vitest";
import { clusterOfNodes, nodePlace } from "../../../operate/azure/clusterOfNodes.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { Arm } from "../../support/arm/arm.ts";
import { SUBSCRIPTION, cluster } from "../../support/arm/world.ts";

let arm: Arm;

beforeEach(async () => {
  arm = await Arm.start();
});

afterEach(() => arm.stop());

const node = (providerID: string): ClusterObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n" },
  spec: { providerID },
});

test("knows the place of nodes by their provider IDs", () => {
  const place = { subscription: SUBSCRIPTION, resourceGroup: "mc_shop_orders_westeurope" };
  const scaleSet = `azure:///subscriptions/${SUBSCRIPTION}/resourceGroups/mc_shop_orders_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-system/virtualMachines/0`;
  expect(nodePlace([node("kind://docker/kind/control-plane"), node(scaleSet)])).toEqual(place);
  expect(nodePlace([node("kind://docker/kind/control-plane"), node("")])).toBeUndefined();
});

test("finds the cluster of the nodes, whatever the case of the group's name", async () => {
  arm.world.clusters = [
    cluster("shop", "other", { nodeResourceGroup: "MC_shop_other_westeurope" }),
    cluster("shop", "orders", { nodeResourceGroup: "MC_shop_orders_westeurope" }),
  ];
  const place = { subscription: SUBSCRIPTION, resourceGroup: "mc_shop_orders_westeurope" };
  expect(await clusterOfNodes(arm.azure, place)).toMatchObject({ name: "orders" });
  expect(await clusterOfNodes(arm.azure, { ...place, resourceGroup: "mc_x" })).toEqual({
    reason: "No cluster that you may read has its nodes in the resource group mc_x.",
    fix: `Ask for the role Reader on the cluster in the subscription ${SUBSCRIPTION}.`,
  });
});
