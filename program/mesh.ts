import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";

/** The configuration of the mesh. Sidecars read it when they start, so everything in the mesh depends on it. */
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
      // The control plane starts only when it may read its CA, and everything in the mesh requires
      // the control plane.
      dependsOn: cluster.certificates?.grantReader(cluster.cluster) ?? [],
    },
  );
}
