import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import type { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import { MeshNamespace } from "../components/mesh/MeshNamespace.ts";
import { followedRevision } from "../mesh/externalRevisions.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";

/** The stack's namespaces, by name. */
export type MeshNamespaces = ReadonlyMap<string, MeshNamespace>;

/** Creates the namespaces, each with the label of the revision that it follows. */
export function meshNamespaces(
  settings: Settings,
  plan: MeshPlan | undefined,
  cluster: MeshCluster,
  mesh: MeshConfiguration,
): MeshNamespaces {
  const followed = cluster.revisions.apply(followedRevision);
  return new Map(
    Object.entries(settings.namespaces).map(([name, { mesh: joined, ...rest }]) => {
      const label = plan?.labels[name] ?? followed;
      return [
        name,
        new MeshNamespace(
          name,
          { ...rest, mesh: joined ? label : "outside" },
          { ...inCluster(cluster, settings), dependsOn: mesh },
        ),
      ];
    }),
  );
}

/** @throws Error if the stack does not declare the namespace, which checked settings rule out. */
export function requireNamespace(namespaces: MeshNamespaces, name: string): MeshNamespace {
  const found = namespaces.get(name);
  if (found === undefined) throw new Error(`There is no namespace ${name}.`);
  return found;
}
