import { z } from "zod";
import { Access } from "./access/access.ts";
import { Certificates } from "./certificates/certificates.ts";
import { Cluster } from "./cluster/schema.ts";
import { Gateways } from "./gateways/gateways.ts";
import { Gitops } from "./gitops/gitops.ts";
import { keys } from "./core/scalars.ts";
import { Mesh } from "./mesh/mesh.ts";
import { Namespace, Workload } from "./namespaces/namespaces.ts";
import { Observability } from "./observability/observability.ts";
import { Tags } from "./tags/tags.ts";

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

/** Everything that a stack is configured with: complete, checked, defaults filled in. */
export interface Settings extends z.output<typeof Shape> {
  /** The Azure region, from `azure-native:location`. */
  readonly location: string;
}
