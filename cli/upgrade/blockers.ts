import type { Day } from "../../mesh/support.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshState, UpgradeStep } from "../../mesh/upgrade.ts";
import type { AzureChoice } from "../../operate/azure/azure.ts";
import type { Observation } from "../../operate/observation.ts";
import type { Upgrade } from "../../operate/upgrade/check.ts";
import { UPGRADE_KINDS, upgradeObservations } from "../../operate/upgrade/checks.ts";
import type { Settings } from "../../settings/schema.ts";
import type { CheckFlags } from "../operate/checkOptions.ts";
import { readState } from "../operate/clusterOptions.ts";
import type { ClusterFlags } from "../operate/clusterOptions.ts";
import type { CheckReport } from "../reports/observations.ts";
import { azureMeshOf, savedAzureMesh } from "./azureMesh.ts";

/** Whether the user names a cluster, or files with what it says. */
export function namesCluster({ kubeconfig, context, from }: ClusterFlags): boolean {
  return [kubeconfig, context, from].some((flag) => flag !== undefined);
}

/**
 * What stands in the way of a step in the cluster.
 *
 * @param step undefined if no upgrade is in progress and none is to start
 * @throws AccessError if nothing can be read
 */
export async function blockersOf(
  flags: ClusterFlags & Pick<CheckFlags, "skip">,
  choice: AzureChoice,
  mesh: MeshState,
  step: UpgradeStep | undefined,
  settings: Settings,
  day: Day,
): Promise<CheckReport> {
  const snapshot = await readState(flags, UPGRADE_KINDS);
  const { state } = snapshot;
  const azure =
    flags.from === undefined
      ? await azureMeshOf(state, choice, flags.skip ?? [])
      : savedAzureMesh(snapshot);
  return {
    subject: state.from,
    observations: blockersIn({ state, azure }, mesh, step, settings, day),
  };
}

/** The same for what was read. */
export function blockersIn(
  read: Pick<Upgrade, "state" | "azure">,
  mesh: MeshState,
  step: UpgradeStep | undefined,
  { cluster }: Settings,
  day: Day,
): readonly Observation[] {
  const { kubernetesVersion, supportPlan: plan } = cluster;
  return upgradeObservations({
    mesh,
    plan: planMesh(mesh),
    step,
    version: { kubernetesVersion, plan },
    day,
    ...read,
  });
}
