import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { EgressGatewayEntry } from "../../mesh/egressPhases.ts";
import { INGRESS_GATEWAY_KINDS } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** What a cluster runs of the service mesh. */
export interface ServiceMeshArgs {
  /**
   * Revisions of the mesh that the control plane runs: one, and during a canary upgrade two. `external` leaves them to
   * whoever upgrades the mesh: AKS installs one, and what runs is read back and never changed.
   *
   * @see https://learn.microsoft.com/azure/aks/istio-upgrade
   */
  readonly revisions: readonly MeshRevision[] | "external";
  /** Ingress gateways to run. @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress */
  readonly ingressGateways: readonly IngressGatewayKind[];
  /**
   * Egress gateways, those named that are to be stopped.
   *
   * @default none
   * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
   */
  readonly egressGateways?: readonly EgressGatewayEntry[] | undefined;
  /**
   * A CA of your own in Key Vault. To switch it on, off or to another is another cluster.
   *
   * @default the one that Istio makes for itself
   * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
   */
  readonly certificateAuthority?: CertificateAuthority | undefined;
}

/** Where the mesh finds its CA: the vault, and what the secrets in it are called. */
export interface CertificateAuthority {
  readonly plugin: {
    readonly keyVaultId: pulumi.Input<string>;
    readonly rootCertObjectName: pulumi.Input<string>;
    readonly certObjectName: pulumi.Input<string>;
    readonly keyObjectName: pulumi.Input<string>;
    readonly certChainObjectName: pulumi.Input<string>;
  };
}

/** What the cluster is told of the mesh. */
export function serviceMeshProfile(
  args: ServiceMeshArgs,
): inputs.containerservice.ServiceMeshProfileArgs {
  const { revisions, ingressGateways, egressGateways = [], certificateAuthority } = args;
  return {
    mode: "Istio",
    istio: {
      // AKS keeps what runs where it is told nothing.
      ...(revisions !== "external" && { revisions: [...revisions] }),
      components: {
        // A gateway that is not wanted is named too: one that is merely left out may stay as it is.
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
 * The revisions that a cluster runs, as Azure tells. Not known before there is a cluster, whatever a preview takes
 * for its outputs: hence the ID.
 */
export function runningRevisions(
  cluster: containerservice.ManagedCluster,
): pulumi.Output<readonly string[]> {
  return pulumi
    .all([cluster.serviceMeshProfile, cluster.id])
    .apply(([profile]) => profile?.istio?.revisions ?? []);
}
