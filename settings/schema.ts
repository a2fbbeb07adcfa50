import { z } from "zod";
import { Access } from "./access.ts";
import { Certificates } from "./certificates.ts";
import { Cluster } from "./cluster.ts";
import { Gateways } from "./gateways.ts";
import { Gitops } from "./gitops.ts";
import { keys } from "./leaves.ts";
import { Mesh } from "./mesh.ts";
import { Namespace, Workload } from "./namespaces.ts";
import { Observability } from "./observability.ts";
import { Tags } from "./tags.ts";

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
  access: Access,
  tags: Tags,
});
