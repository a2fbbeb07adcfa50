import type * as pulumi from "@pulumi/pulumi";
import type { SupportPlan } from "../../mesh/catalog.ts";
import type { MeshCertificates } from "../mesh/MeshCertificates.ts";
import type { ApiServerArgs } from "./apiServer.ts";
import type { AutoUpgradeArgs } from "./autoUpgrade.ts";
import type { ClusterMonitoringArgs } from "./clusterMonitoring.ts";
import type { ClusterNetworkArgs, NodeOrigin } from "./clusterNetwork.ts";
import type { KeyManagementArgs } from "./keyManagement.ts";
import type { KubeloginMode } from "./kubeconfig.ts";
import type { MaintenanceArgs } from "./maintenanceWindows.ts";
import type { NodePoolArgs, NodeSecurity, UserPoolArgs } from "./nodePool.ts";
import type { ServiceMeshArgs } from "./serviceMesh.ts";

export interface MeshClusterArgs
  extends Omit<ServiceMeshArgs, "certificateAuthority">, ClusterMonitoringArgs {
  /** Azure region of everything, such as `westeurope`. */
  readonly location: string;
  /**
   * Name of the cluster in Azure, and the beginning of its API server's domain name: up to 54 letters, digits and
   * hyphens. Another name replaces the cluster.
   *
   * @default - a name that Pulumi makes from the component's
   */
  readonly clusterName?: string | undefined;
  /**
   * Name of a resource group that is there already, for the cluster with its identities and its network.
   *
   * @default - a resource group of its own
   */
  readonly resourceGroup?: string | undefined;
  /** Resource IDs of the container registries from which nodes may pull images. @default none */
  readonly containerRegistryIds?: readonly string[] | undefined;
  /** Kubernetes minor version of the control plane and of all pools, such as `1.35`. AKS applies the patches. */
  readonly kubernetesVersion: string;
  /** Long-term support takes the Premium tier. @see https://learn.microsoft.com/azure/aks/long-term-support */
  readonly supportPlan: SupportPlan;
  /** What is paid for the control plane. `Free` comes without a promise of its availability. */
  readonly tier: "Free" | "Standard" | "Premium";
  readonly apiServer: ApiServerArgs;
  readonly network: ClusterNetworkArgs;
  /** Availability zones of every pool; empty in a region that has none. */
  readonly zones: readonly string[];
  /** The pool for add-ons; its taint keeps workloads out. */
  readonly systemPool: NodePoolArgs;
  /** The pools for workloads, by name. */
  readonly userPools: Readonly<Record<string, UserPoolArgs>>;
  readonly nodeSecurity: NodeSecurity;
  readonly autoUpgrade: AutoUpgradeArgs;
  readonly maintenance: MaintenanceArgs;
  /** @default - secrets are encrypted as all else on Azure's disks is */
  readonly kms?: KeyManagementArgs | undefined;
  /**
   * Makes the vault with a CA of your own, between the network of the cluster, which its firewall admits, and the
   * cluster, which reads from it.
   *
   * @default - the CA that Istio makes for itself
   */
  readonly certificates?:
    | {
        /** Whether the vault admits only whom it knows. */
        readonly behindFirewall: boolean;
        readonly make: (nodes: NodeOrigin) => MeshCertificates;
      }
    | undefined;
  /** Preview features to register before the cluster is made, such as `Microsoft.Compute/EncryptionAtHost`. */
  readonly previewFeatures: readonly string[];
  /** Whether the cluster has Azure's static egress gateway, on which every egress gateway stands. @default false */
  readonly staticEgress?: boolean | undefined;
  /** Object IDs of the Entra groups whose members administer the cluster. */
  readonly adminGroupObjectIds: readonly pulumi.Input<string>[];
  /** How whoever runs `pulumi up` logs in to the API server. */
  readonly kubelogin: KubeloginMode;
  /**
   * Whether Pulumi refuses to delete or replace the cluster, its resource group, its virtual network and its outbound
   * address. Before `pulumi destroy` it is switched off by a `pulumi up`.
   */
  readonly protect: boolean;
}
