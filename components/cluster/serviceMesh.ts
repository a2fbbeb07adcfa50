import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { EgressGatewayEntry } from "../../mesh/egressPhases.ts";
import { INGRESS_GATEWAY_KINDS } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** Service mesh settings of a cluster. */
export interface ServiceMeshArgs {
  /**
   * Mesh revisions that the control plane runs: one, or two during a canary upgrade. With `external`, the mesh is
   * upgraded outside this program: AKS installs a revision, and the running revisions are read but never changed.
   *
   * @see https://learn.microsoft.com/azure/aks/istio-upgrade
   */
  readonly revisions: readonly MeshRevision[] | "external";
  /** Ingress gateways to run. @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress */
  readonly ingressGateways: readonly IngressGatewayKind[];
  /**
   * Egress gateways, including those to disable.
   *
   * @default none
   * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
   */
  readonly egressGateways?: readonly EgressGatewayEntry[] | undefined;
  /**
   * A plug-in CA in Key Vault. Adding, removing or changing it replaces the cluster.
   *
   * @default - Istio's self-signed CA
   * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
   */
  readonly certificateAuthority?: CertificateAuthority | undefined;
}

/** The location of the mesh's CA: the vault, and the names of its secrets. */
export interface CertificateAuthority {
  readonly plugin: {
    readonly keyVaultId: pulumi.Input<string>;
    readonly rootCertObjectName: pulumi.Input<string>;
    readonly certObjectName: pulumi.Input<string>;
    readonly keyObjectName: pulumi.Input<string>;
    readonly certChainObjectName: pulumi.Input<string>;
  };
}

/** Service mesh profile of the cluster. */
export function serviceMeshProfile(
  args: ServiceMeshArgs,
): inputs.containerservice.ServiceMeshProfileArgs {
  const { revisions, ingressGateways, egressGateways = [], certificateAuthority } = args;
  return {
    mode: "Istio",
    istio: {
      // Without a value, AKS keeps the running revisions.
      ...(revisions !== "external" && { revisions: [...revisions] }),
      components: {
        // Gateways that are not wanted are disabled explicitly, because an omitted gateway may stay
        // unchanged.
        ingressGateways: INGRESS_GATEWAY_KINDS.map((mode) => ({
          mode,
          enabled: ingressGateways.includes(mode),
        })),
        ...(egressGateways.length > 0 && { egressGateways: [...egressGateways] }),
      },
      ...(certificateAuthority && { certificateAuthority }),
    },
  };
}

/**
 * The revisions that a cluster runs, read from Azure. Unknown until the cluster exists, regardless of assumed outputs;
 * `cluster.id` ensures that.
 */
export function runningRevisions(
  cluster: containerservice.ManagedCluster,
): pulumi.Output<readonly string[]> {
  return pulumi
    .all([cluster.serviceMeshProfile, cluster.id])
    .apply(([profile]) => profile?.istio?.revisions ?? []);
}
