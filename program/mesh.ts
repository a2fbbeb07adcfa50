import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";

/** What the mesh is configured with. Sidecars start with it, so whatever is in the mesh depends on it. */
export function meshConfiguration(
  settings: Settings,
  plan: MeshPlan | undefined,
  cluster: MeshCluster,
): MeshConfiguration {
  return new MeshConfiguration(
    "mesh",
    { ...settings.mesh, configMaps: plan?.configMaps ?? [] },
    {
      ...inCluster(cluster, settings),
      // The control plane waits until it may read its CA, and what is in the mesh for the control plane.
      dependsOn: cluster.certificates?.grantReader(cluster.cluster) ?? [],
    },
  );
}
