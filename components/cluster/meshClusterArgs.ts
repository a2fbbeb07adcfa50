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
  /** Azure region of all resources, such as `westeurope`. */
  readonly location: string;
  /**
   * Name of the cluster in Azure, and prefix of its API server's domain name: up to 54 letters, digits and hyphens. A
   * change replaces the cluster.
   *
   * @default - a name that Pulumi generates from the component's name
   */
  readonly clusterName?: string | undefined;
  /**
   * Name of an existing resource group for the cluster, its identities and its network.
   *
   * @default - a new resource group
   */
  readonly resourceGroup?: string | undefined;
  /** Resource IDs of the container registries from which nodes may pull images. @default none */
  readonly containerRegistryIds?: readonly string[] | undefined;
  /** Kubernetes minor version of the control plane and all node pools, such as `1.35`. AKS applies patches. */
  readonly kubernetesVersion: string;
  /** Long-term support requires the Premium tier. @see https://learn.microsoft.com/azure/aks/long-term-support */
  readonly supportPlan: SupportPlan;
  /** Pricing tier of the control plane. `Free` has no uptime SLA. */
  readonly tier: "Free" | "Standard" | "Premium";
  readonly apiServer: ApiServerArgs;
  readonly network: ClusterNetworkArgs;
  /** Availability zones of every node pool; empty in a region without zones. */
  readonly zones: readonly string[];
  /** The pool for add-ons; its taint keeps workloads out. */
  readonly systemPool: NodePoolArgs;
  /** The pools for workloads, by name. */
  readonly userPools: Readonly<Record<string, UserPoolArgs>>;
  readonly nodeSecurity: NodeSecurity;
  readonly autoUpgrade: AutoUpgradeArgs;
  readonly maintenance: MaintenanceArgs;
  /** @default - only Azure's disk encryption */
  readonly kms?: KeyManagementArgs | undefined;
  /**
   * Creates the vault with the plug-in CA. It comes after the cluster's network, which its firewall allows, and before
   * the cluster, which reads from it.
   *
   * @default - Istio's self-signed CA
   */
  readonly certificates?:
    | {
        /** Whether the vault's firewall denies other networks. */
        readonly behindFirewall: boolean;
        readonly make: (nodes: NodeOrigin) => MeshCertificates;
      }
    | undefined;
  /** Preview features to register before the cluster is created, such as `Microsoft.Compute/EncryptionAtHost`. */
  readonly previewFeatures: readonly string[];
  /** Whether AKS static egress gateway is enabled; every egress gateway requires it. @default false */
  readonly staticEgress?: boolean | undefined;
  /** Object IDs of the Entra groups whose members administer the cluster. */
  readonly adminGroupObjectIds: readonly pulumi.Input<string>[];
  /** How `pulumi up` logs in to the API server. */
  readonly kubelogin: KubeloginMode;
  /**
   * Whether Pulumi refuses to delete or replace the cluster, its resource group, its virtual network and its outbound
   * address. Before `pulumi destroy`, disable it with a `pulumi up`.
   */
  readonly protect: boolean;
}
