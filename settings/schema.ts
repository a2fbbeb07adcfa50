import { z } from "zod";
import { Access } from "./access/schema.ts";
import { Certificates } from "./certificates/schema.ts";
import { Cluster } from "./cluster/schema.ts";
import { Gateways } from "./gateways/schema.ts";
import { Gitops } from "./gitops/schema.ts";
import { keys } from "./core/scalars.ts";
import { Mesh } from "./mesh/schema.ts";
import { Namespace } from "./namespaces/schema.ts";
import { Observability } from "./observability/schema.ts";
import { Tags } from "./tags/schema.ts";
import { Workload } from "./workloads/schema.ts";

/** The keys under `aks-istio:`, with their types, defaults and descriptions. */
export const Shape = keys({
  cluster: Cluster.describe("The AKS cluster."),
  mesh: Mesh.describe("The Istio-based service mesh add-on."),
  namespaces: z
    .record(z.string().meta({ examples: ["shop"] }), Namespace)
    .describe("The namespaces of the stack, by name. Without it, the stack has none."),
  workloads: z
    .record(z.string().meta({ examples: ["storefront"] }), Workload)
    .describe("Sample workloads, by name. Without it, the stack has none."),
  gateways: Gateways,
  certificates: Certificates.optional(),
  observability: Observability,
  gitops: Gitops.optional(),
  access: Access,
  tags: Tags,
});

/** The checked settings of a stack, including defaults. */
export interface Settings extends z.output<typeof Shape> {
  /** The Azure region, from `azure-native:location`. */
  readonly location: string;
}
