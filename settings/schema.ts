import { z } from "zod";
import { Certificates } from "./certificates.ts";
import { Cluster } from "./cluster.ts";
import { Gateways } from "./gateways.ts";
import { Gitops } from "./gitops.ts";
import { ObjectId, keys, list } from "./leaves.ts";
import { Mesh } from "./mesh.ts";
import { Namespace, Workload } from "./namespaces.ts";
import { Observability } from "./observability.ts";

const access = keys({
  administrators: list(
    ObjectId,
    "must list the object IDs of those who administer the cluster, with the identity that runs pulumi up",
  ).min(1, {
    error:
      "must name at least one object ID: with local accounts off, nobody else could enter the cluster",
  }),
  kubelogin: z.enum(["azurecli", "azd", "msi", "workloadidentity"]).default("azurecli"),
});

/** The keys under `aks-istio:`, each with its shape. `Pulumi.yaml` describes the same keys for `pulumi config`. */
export const Shape = keys({
  cluster: Cluster,
  mesh: Mesh,
  namespaces: z.record(z.string(), Namespace),
  workloads: z.record(z.string(), Workload),
  gateways: Gateways,
  certificates: Certificates.optional(),
  observability: Observability,
  gitops: Gitops.optional(),
  access,
});
