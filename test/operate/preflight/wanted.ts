import type { Wanted } from "../../../operate/preflight/wanted.ts";
import { ADMIN_GROUP } from "../../support/arm/world.ts";

/** What a small stack wants, and what differs. */
export function wanted(changes: Partial<Wanted> = {}): Wanted {
  return {
    location: "westeurope",
    kubernetesVersion: "1.35",
    plan: "KubernetesOfficial",
    revisions: ["asm-1-30"],
    pools: [
      { name: "system", vmSize: "Standard_D4ds_v5", maxCount: 5 },
      { name: "apps", vmSize: "Standard_D8ds_v5", maxCount: 10 },
    ],
    zones: ["1", "2", "3"],
    encryptionAtHost: false,
    trustedLaunch: true,
    services: [
      {
        namespace: "Microsoft.ContainerService",
        types: ["managedClusters"],
        withCluster: true,
      },
      {
        namespace: "Microsoft.Dashboard",
        types: ["grafana"],
        setting: "observability",
        withCluster: false,
      },
    ],
    features: [],
    resourceGroup: undefined,
    clusterName: undefined,
    existingCluster: undefined,
    grantsOn: [],
    network: { podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16", subnets: undefined },
    administrators: { groupId: ADMIN_GROUP },
    ...changes,
  };
}
