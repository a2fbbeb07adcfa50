import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshPlan } from "../../mesh/upgrade.ts";

/** A gateway that AKS runs: one Deployment for each revision, and a Service for all of them. */
export interface AddOnGateway {
  /** The name of its Service, and the value of the label `istio` of its pods. */
  readonly name: string;
  readonly namespace: string;
  /** Whether its Service has an address outside the cluster. */
  readonly isIngress: boolean;
}

/** The mesh that the settings of a stack describe. */
export interface WantedMesh {
  readonly stack: string;
  /** Undefined if the revisions are managed outside the stack. */
  readonly plan: MeshPlan | undefined;
  /** The revisions that have a shared ConfigMap; none if the stack sets no MeshConfig. */
  readonly configMaps: readonly MeshRevision[];
  /** The namespaces in the mesh, and those that the stack keeps out of it. */
  readonly namespaces: { readonly inside: readonly string[]; readonly outside: readonly string[] };
  readonly gateways: readonly AddOnGateway[];
  /** Whether managed Prometheus collects the metrics of the mesh. */
  readonly metrics: boolean;
  /** Whether Flux applies a repository. */
  readonly gitops: boolean;
}
