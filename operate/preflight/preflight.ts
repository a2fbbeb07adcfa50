import { isAnswered } from "../azure/answer.ts";
import type { Azure } from "../azure/azure.ts";
import { readVmSizes } from "../azure/compute.ts";
import { readManagedCluster, readManagedClusters } from "../azure/managedCluster.ts";
import { readResourceProvider } from "../azure/resourceProviders.ts";
import { readSubscription } from "../azure/subscription.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { Observation } from "../observation.ts";
import { addressRanges } from "./addressRanges.ts";
import { administrators } from "./administrators.ts";
import type { Check, Context } from "./check.ts";
import { features } from "./features.ts";
import { kubernetesVersion } from "./kubernetesVersion.ts";
import { leftovers } from "./leftovers.ts";
import { meshRevision } from "./meshRevision.ts";
import { names } from "./names.ts";
import { openServiceMesh } from "./openServiceMesh.ts";
import { quota } from "./quota.ts";
import { region } from "./region.ts";
import { resourceProviders } from "./resourceProviders.ts";
import { rights } from "./rights.ts";
import { judgeSubscription, subscription } from "./subscription.ts";
import { vmSizes } from "./vmSizes.ts";
import type { Wanted } from "./wanted.ts";

/** The checks in the order of a deployment. */
export const CHECKS: readonly Check[] = [
  subscription,
  rights,
  administrators,
  resourceProviders,
  features,
  region,
  kubernetesVersion,
  meshRevision,
  vmSizes,
  quota,
  names,
  addressRanges,
  openServiceMesh,
  leftovers,
];

/** What a user says about a run. */
export interface PreflightOptions {
  /** Names of checks to leave out. */
  readonly skip?: readonly string[] | undefined;
  /** The objects in the cluster, if it exists and they were read. */
  readonly state?: ClusterState | undefined;
}

/**
 * Checks whether a deployment can succeed, without changing anything.
 *
 * @throws AccessError if Azure cannot be reached, or refuses the identity
 */
export async function preflight(
  azure: Azure,
  wanted: Wanted,
  { skip = [], state }: PreflightOptions = {},
): Promise<readonly Observation[]> {
  const checks = CHECKS.filter(({ name }) => !skip.includes(name));
  if (checks.includes(subscription)) {
    const found = await readSubscription(azure);
    if (isAnswered(found) && found.value === undefined) {
      return judgeSubscription(azure.subscriptionId, found);
    }
  }
  const context = { ...(await contextOf(azure, wanted)), state };
  return (await Promise.all(checks.map(async ({ run }) => run(context)))).flat();
}

async function contextOf(azure: Azure, wanted: Wanted): Promise<Omit<Context, "state">> {
  const namespaces = [...new Set(wanted.services.map(({ namespace }) => namespace))];
  const [cluster, vmSizesThere, ...providers] = await Promise.all([
    namedCluster(azure, wanted),
    readVmSizes(azure, wanted.location),
    ...namespaces.map((namespace) => readResourceProvider(azure, namespace)),
  ]);
  return {
    azure,
    wanted,
    cluster,
    vmSizes: vmSizesThere,
    providers: new Map(providers.map((answer, index) => [namespaces[index] ?? "", answer])),
  };
}

/** The cluster of the name; without a resource group, any in the subscription. */
async function namedCluster(
  azure: Azure,
  { clusterName, existingCluster, resourceGroup }: Wanted,
): Promise<Context["cluster"]> {
  const name = existingCluster ?? clusterName;
  if (name === undefined) return { value: undefined };
  if (resourceGroup !== undefined) return readManagedCluster(azure, { resourceGroup, name });
  const all = await readManagedClusters(azure);
  if (!isAnswered(all)) return all;
  const same = (other = "") => other.toLowerCase() === name.toLowerCase();
  return { value: all.value.find((cluster) => same(cluster.name)) };
}
