import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { createClusterPrerequisites } from "./clusterPrerequisites.ts";
import { collectClusterLogs } from "./clusterLogs.ts";
import { AUDIT_LOGS } from "../../mesh/controlPlaneLogs.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { createClusterProvider } from "./clusterProvider.ts";
import { createMaintenanceWindows } from "./maintenanceWindows.ts";
import { createManagedCluster } from "./managedCluster.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import type { MeshCertificates } from "../mesh/MeshCertificates.ts";
import type { NodePoolContext } from "./nodePool.ts";
import { runningRevisions } from "./serviceMesh.ts";
import { createUserPools } from "./userPools.ts";

export type { MeshClusterArgs, MeshRevision };

/** Client ID and object ID of the user-assigned identity. */
export interface KubeletIdentity {
  readonly clientId: pulumi.Output<string>;
  readonly objectId: pulumi.Output<string>;
}

/**
 * An AKS cluster with the Istio add-on, including its identities, network, node pools and maintenance windows, and a
 * Kubernetes provider for its objects. It incurs the cost of its nodes, its tier, and its load balancer or NAT gateway
 * around the clock.
 *
 * Secure by default: Entra ID with Azure RBAC, no local accounts, Cilium network policies, no run command, no SSH, and
 * a read-only node resource group.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about
 */
export class MeshCluster extends pulumi.ComponentResource {
  /** The cluster. Use it as `deletedWith` for objects in the cluster, so they need not be deleted one by one. */
  readonly cluster: containerservice.ManagedCluster;
  readonly resourceGroupName: pulumi.Output<string>;
  /** The resource group that AKS creates for nodes and load balancers. */
  readonly nodeResourceGroupName: pulumi.Output<string>;
  /** OIDC issuer for workload identity federation. */
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** The identity with which nodes pull images. */
  readonly kubeletIdentity: KubeletIdentity;
  /** Kubeconfig for the identity that runs `pulumi up`; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Kubernetes provider for objects in the cluster. */
  readonly provider: k8s.Provider;
  /** The plug-in CA of the mesh; undefined for Istio's self-signed CA. */
  readonly certificates: MeshCertificates | undefined;
  /** Common properties for additional node pools. */
  readonly pools: NodePoolContext;
  /** The mesh revisions that the cluster runs. */
  readonly revisions: pulumi.Output<readonly string[]>;

  constructor(name: string, args: MeshClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, kubernetesVersion, revisions, protect } = args;
    super("aks-istio:index:MeshCluster", name, { location, kubernetesVersion, revisions }, opts);
    const children = { parent: this };

    const resourceGroupName = pulumi.output(
      args.resourceGroup ??
        new resources.ResourceGroup(`${name}-group`, { location }, { ...children, protect }).name,
    );
    const prerequisites = createClusterPrerequisites(name, args, resourceGroupName, children);
    this.pools = prerequisites.pools;
    this.certificates = prerequisites.certificates;
    const { kubelet } = prerequisites.identities;
    this.kubeletIdentity = { clientId: kubelet.clientId, objectId: kubelet.principalId };
    this.cluster = createManagedCluster(name, args, prerequisites, children);
    this.oidcIssuerUrl = this.cluster.oidcIssuerProfile.apply(
      (profile) => profile?.issuerURL ?? "",
    );
    this.nodeResourceGroupName = this.cluster.nodeResourceGroup.apply((group) => group ?? "");

    const within = { resourceGroupName, resourceName: this.cluster.name };
    // Azure deletes these together with the cluster.
    const parts = { ...children, deletedWith: this.cluster };
    const nodes = createUserPools(name, { ...args, ...this.pools, ...within }, parts);
    createMaintenanceWindows(name, args.maintenance, within, parts);
    if (args.auditWorkspaceId !== undefined) {
      collectClusterLogs(
        `${name}-audit`,
        {
          location,
          resourceGroupName,
          clusterId: this.cluster.id,
          logAnalyticsWorkspaceId: args.auditWorkspaceId,
          containers: false,
          controlPlane: AUDIT_LOGS,
        },
        // Not deletedWith the cluster: a leftover setting would apply to the next cluster of that
        // name.
        children,
      );
    }
    const { kubeconfig, provider } = createClusterProvider(
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
