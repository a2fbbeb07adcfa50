import { expect, test } from "vitest";
import type { AzureMesh } from "../../../operate/upgrade/azureMesh.ts";
import type { UpgradePhase } from "../../../mesh/upgrade.ts";
import { azureMesh, complaints, healthy, meshIn, upgradeOf } from "./objects.ts";

const BOTH = ["asm-1-29", "asm-1-30"];

function complaintsOf(
  phase: UpgradePhase | "none",
  change: (mesh: AzureMesh) => AzureMesh,
  direction: "next" | "back" = "next",
): readonly string[] {
  const revisions = ["none", "prepared"].includes(phase) ? ["asm-1-29"] : BOTH;
  const azure = change(azureMesh(revisions, "asm-1-30"));
  return complaints({ ...upgradeOf(meshIn(phase), healthy(phase), direction), azure });
}

const notRead = { reason: "Azure does not let you read it.", fix: "Ask for a role." };
const cluster = (more: object) => (mesh: AzureMesh) => ({
  ...mesh,
  cluster: { ...mesh.cluster, ...more },
});
const profile = (revisions: readonly string[], mode = "Istio") =>
  cluster({ serviceMeshProfile: { mode, istio: { revisions } } });
const NAMES = "--resource-group rg --name orders";

test.each<[string, UpgradePhase, (mesh: AzureMesh) => AzureMesh, readonly string[]]>([
  [
    "somebody has started the canary outside the program",
    "prepared",
    profile(BOTH),
    [
      "failed upgrade-azure cluster orders: Azure lists asm-1-29 and asm-1-30, but the settings say that AKS runs asm-1-29. Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
    ],
  ],
  [
    "somebody has completed the upgrade",
    "promoted",
    profile(["asm-1-30"]),
    [
      "failed upgrade-azure cluster orders: Azure lists asm-1-30, but the settings say that AKS runs asm-1-29 and asm-1-30. Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
    ],
  ],
  ["the order of revisions does not matter", "canary", profile(["asm-1-30", "asm-1-29"]), []],
  [
    "the mesh is disabled",
    "canary",
    profile(BOTH, "Disabled"),
    [
      "failed upgrade-azure cluster orders: Azure lists no revision, but the settings say that AKS runs asm-1-29 and asm-1-30. Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
    ],
  ],
  [
    "another operation is in progress",
    "canary",
    cluster({ provisioningState: "Updating" }),
    [
      `failed upgrade-azure cluster orders: Its provisioning state is Updating. Wait until the operation is done. $ az aks wait ${NAMES} --updated`,
    ],
  ],
  [
    "the last operation has failed",
    "canary",
    cluster({ provisioningState: "Failed" }),
    [
      `failed upgrade-azure cluster orders: Its provisioning state is Failed. Read why in the activity log, and let AKS reconcile the cluster. $ az aks update ${NAMES}`,
    ],
  ],
  [
    "the cluster may not be upgraded to the target",
    "prepared",
    (mesh) => ({
      ...mesh,
      upgrades: { value: { revision: "asm-1-29", upgrades: ["asm-1-31"], kubernetes: {} } },
    }),
    [
      `failed upgrade-azure upgrade to asm-1-30: Azure does not offer it to this cluster, only asm-1-31. Choose asm-1-31 as the target: go back if this upgrade is prepared already, and start again with --to. $ az aks mesh get-upgrades ${NAMES}`,
    ],
  ],
  [
    "the cluster may not be upgraded at all",
    "prepared",
    (mesh) => ({ ...mesh, upgrades: { value: undefined } }),
    [
      `failed upgrade-azure upgrade to asm-1-30: Azure does not offer it to this cluster, nor any other. Upgrade Kubernetes first, or wait until the region has the revision (docs/upgrading.md). $ az aks mesh get-upgrades ${NAMES}`,
    ],
  ],
  [
    "what may follow is not known",
    "prepared",
    (mesh) => ({ ...mesh, upgrades: notRead }),
    [
      "unchecked upgrade-azure upgrade to asm-1-30: Azure does not let you read it. Ask for a role.",
    ],
  ],
  [
    "what may follow does not matter once the canary runs",
    "canary",
    (mesh) => ({ ...mesh, upgrades: notRead }),
    [],
  ],
  [
    "the region has withdrawn the canary",
    "canary",
    (mesh) => ({
      ...mesh,
      offered: { value: [{ revision: "asm-1-31", upgrades: [], kubernetes: {} }] },
    }),
    [
      "warning upgrade-azure canary asm-1-30: The region no longer offers it; it offers: asm-1-31. Complete this upgrade, since its control plane runs, and begin the next one at once.",
    ],
  ],
  [
    "what the region offers is not known",
    "promoted",
    (mesh) => ({ ...mesh, offered: notRead }),
    ["unchecked upgrade-azure canary asm-1-30: Azure does not let you read it. Ask for a role."],
  ],
  [
    "what the region offers does not matter before the canary runs",
    "prepared",
    (mesh) => ({ ...mesh, offered: notRead }),
    [],
  ],
])("%s", (_, phase, change, expected) => {
  expect(complaintsOf(phase, change)).toEqual(expected);
});

test("the way back needs no offer", () => {
  const withoutOffers = (mesh: AzureMesh) => ({ ...mesh, upgrades: notRead });
  expect(complaintsOf("prepared", withoutOffers, "back")).toEqual([]);
});
