import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KINDS, nameOf } from "../../../operate/cluster/kinds.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { healthy, node } from "../../operate/upgrade/objects.ts";
import { serveApi } from "../../support/apiServerStandIn.ts";
import type { ApiServerStandIn } from "../../support/apiServerStandIn.ts";
import { Arm, TOKEN } from "../../support/arm/arm.ts";
import { SUBSCRIPTION, cluster } from "../../support/arm/world.ts";
import { aksIstio } from "../../support/command.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });

let arm: Arm;
let api: ApiServerStandIn;
let file: string;

beforeEach(async () => {
  arm = await Arm.start();
  const nodeResourceGroup = "MC_rg_orders";
  arm.world.clusters = [
    cluster("rg", "orders", {
      nodeResourceGroup,
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } },
    }),
  ];
  const onAzure = {
    ...node("v1.35.2"),
    spec: {
      providerID: `azure:///subscriptions/${SUBSCRIPTION}/resourceGroups/${nodeResourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/s/virtualMachines/0`,
    },
  };
  const objects = [...healthy("prepared").filter(({ kind }) => kind !== "Node"), onAzure];
  api = await serveApi(({ path }) => ({
    body: { items: objects.filter((one) => isIn(path, one)) },
  }));
  const text = readFileSync("examples/upgrade-prepared.yaml", "utf8");
  file = join(write("stack", { "Pulumi.prod.yaml": text }), "Pulumi.prod.yaml");
});

afterEach(async () => {
  await Promise.all([arm.stop(), api.stop()]);
});

function isIn(path: string, { apiVersion, kind }: ClusterObject): boolean {
  const name = nameOf(apiVersion, kind);
  const [place = ""] = path.split("?");
  return place.endsWith(`/${KINDS[name as KindName].plural}`);
}

function offers(target: string): void {
  const offer = { revision: "asm-1-29", upgrades: [target], compatibleWith: [] };
  arm.world.meshUpgrades = { orders: offer };
}

async function upgrade(...options: readonly string[]) {
  const { code, stdout, stderr } = await aksIstio(
    [
      ...["upgrade", "--config-file", file, "--day", "2026-08-21"],
      ...["--kubeconfig", api.kubeconfig, ...options],
    ],
    arm.environment,
  );
  expect(`${stdout}${stderr}`).not.toContain(TOKEN);
  return { code, stdout };
}

test("Azure offers the target", async () => {
  offers("asm-1-30");
  const { code, stdout } = await upgrade();
  expect(stdout).toContain(
    "ok         upgrade-azure               upgrade to asm-1-30: Azure offers it to this cluster.\n",
  );
  expect(code).toBe(0);
});

test("Azure has withdrawn the target, so the step is not taken", async () => {
  offers("asm-1-31");
  const before = readFileSync(file, "utf8");
  const { code, stdout } = await upgrade("--next");
  expect(stdout).toContain(`
FAILED     upgrade-azure               upgrade to asm-1-30: Azure does not offer it to this cluster, only asm-1-31.
           Choose asm-1-31 as the target: go back if this upgrade is prepared already, and start again with --to.
           $ az aks mesh get-upgrades --resource-group rg --name orders
`);
  expect(code).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("Azure does not say what it offers, so the step is not taken", async () => {
  offers("asm-1-30");
  arm.refuse({
    on: /meshUpgradeProfiles/,
    status: 409,
    code: "ServiceMeshUpgradeInProgress",
    message: "An upgrade of the service mesh is in progress.",
  });
  const before = readFileSync(file, "utf8");
  const { code, stdout } = await upgrade("--next");
  expect(stdout).toContain("An upgrade of the service mesh is in progress");
  expect(code).toBe(2);
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("--skip leaves Azure out, and does not ask it", async () => {
  const { code, stdout } = await upgrade("--skip", "upgrade-azure");
  expect(stdout).not.toContain("upgrade-azure");
  expect(code).toBe(0);
  expect(arm.asked).toEqual([]);
});
