import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SupportPlan } from "../../mesh/catalog.ts";
import type { ApiServerArgs } from "./apiServer.ts";
import type { AutoUpgradeArgs } from "./autoUpgrade.ts";
import { clusterFoundations } from "./clusterPrerequisites.ts";
import { clusterLogs } from "./clusterLogs.ts";
import { AUDIT_LOGS } from "./clusterMonitoring.ts";
import type { ClusterMonitoringArgs } from "./clusterMonitoring.ts";
import type { ClusterNetworkArgs, NodeOrigin } from "./clusterNetwork.ts";
import { clusterProvider } from "./clusterProvider.ts";
import type { KeyManagementArgs } from "./keyManagement.ts";
import type { KubeloginMode } from "./kubeconfig.ts";
import { maintenanceWindows } from "./maintenanceWindows.ts";
import type { MaintenanceArgs } from "./maintenanceWindows.ts";
import { managedCluster } from "./managedCluster.ts";
import type { MeshCertificates } from "../mesh/MeshCertificates.ts";
import type { NodePoolArgs, NodePoolSurroundings, NodeSecurity, UserPoolArgs } from "./nodePool.ts";
import { runningRevisions } from "./serviceMesh.ts";
import type { ServiceMeshArgs } from "./serviceMesh.ts";
import { userPools } from "./userPools.ts";

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

/** Client ID and object ID of the user-assigned identity. */
export interface KubeletIdentity {
  readonly clientId: pulumi.Output<string>;
  readonly objectId: pulumi.Output<string>;
}

/**
 * An AKS cluster with the Istio add-on: its identities and its network, its node pools and its maintenance windows,
 * and the Kubernetes provider for everything in it. It runs around the clock and costs its nodes, its tier and its
 * load balancer or NAT gateway.
 *
 * Closed by default: Entra ID with Azure RBAC and no local accounts, network policies by Cilium, no run command, no
 * SSH, the node resource group read-only.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about
 */
export class MeshCluster extends pulumi.ComponentResource {
  /** What is in the cluster goes with it: `deletedWith` this, nothing has to be taken down one by one. */
  readonly cluster: containerservice.ManagedCluster;
  readonly resourceGroupName: pulumi.Output<string>;
  /** The resource group that AKS makes for nodes and load balancers. */
  readonly nodeResourceGroupName: pulumi.Output<string>;
  /** Issuer of the tokens that workload identity federates with. */
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** What the nodes pull images as. */
  readonly kubeletIdentity: KubeletIdentity;
  /** For whoever runs `pulumi up`; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For everything in the cluster. */
  readonly provider: k8s.Provider;
  /** The CA of the mesh, if it is not Istio's own. */
  readonly certificates: MeshCertificates | undefined;
  /** For pools that are added to the cluster's own. */
  readonly pools: NodePoolSurroundings;
  /** Revisions of the mesh that the control plane runs. */
  readonly revisions: pulumi.Output<readonly string[]>;

  constructor(name: string, args: MeshClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, kubernetesVersion, revisions, protect } = args;
    super("aks-istio:index:MeshCluster", name, { location, kubernetesVersion, revisions }, opts);
    const children = { parent: this };

    const resourceGroupName = pulumi.output(
      args.resourceGroup ??
        new resources.ResourceGroup(`${name}-group`, { location }, { ...children, protect }).name,
    );
    const foundations = clusterFoundations(name, args, resourceGroupName, children);
    this.pools = foundations.pools;
    this.certificates = foundations.certificates;
    const { kubelet } = foundations.identities;
    this.kubeletIdentity = { clientId: kubelet.clientId, objectId: kubelet.principalId };
    this.cluster = managedCluster(name, args, foundations, children);
    this.oidcIssuerUrl = this.cluster.oidcIssuerProfile.apply(
      (profile) => profile?.issuerURL ?? "",
    );
    this.nodeResourceGroupName = this.cluster.nodeResourceGroup.apply((group) => group ?? "");

    const within = { resourceGroupName, resourceName: this.cluster.name };
    // Azure deletes the parts of a cluster with it.
    const parts = { ...children, deletedWith: this.cluster };
    const nodes = userPools(name, { ...args, ...this.pools, ...within }, parts);
    maintenanceWindows(name, args.maintenance, within, parts);
    if (args.auditWorkspaceId !== undefined) {
      clusterLogs(
        `${name}-audit`,
        {
          location,
          resourceGroupName,
          clusterId: this.cluster.id,
          logAnalyticsWorkspaceId: args.auditWorkspaceId,
          containers: false,
          controlPlane: AUDIT_LOGS,
        },
        // Not with the cluster: left behind, the setting would hold for the next one of that name.
        children,
      );
    }
    const { kubeconfig, provider } = clusterProvider(
      name,
      this.cluster,
      { resourceGroupName, kubelogin: args.kubelogin, nodes },
      children,
    );

    this.resourceGroupName = resourceGroupName;
    this.kubeconfig = kubeconfig;
    this.provider = provider;
    this.revisions =
      revisions === "external" ? runningRevisions(this.cluster) : pulumi.output([...revisions]);
    this.registerOutputs({
      clusterName: this.cluster.name,
      resourceGroupName,
      kubeconfig,
      revisions: this.revisions,
    });
  }
}
