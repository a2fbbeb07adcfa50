import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SupportPlan } from "../mesh/catalog.ts";
import type { MeshRevision } from "../mesh/revision.ts";
import { clusterArgs } from "./clusterArgs.ts";
import { kubeloginKubeconfig } from "./kubeconfig.ts";
import type { KubeloginMode } from "./kubeconfig.ts";
import { nodePool } from "./nodePool.ts";
import type { NodePoolArgs } from "./nodePool.ts";

export interface MeshClusterArgs {
  /** Azure region of everything, such as `westeurope`. */
  readonly location: string;
  /** Kubernetes minor version of the control plane and of all pools, such as `1.35`. AKS applies the patches. */
  readonly kubernetesVersion: string;
  /** Long-term support takes the Premium tier. @see https://learn.microsoft.com/azure/aks/long-term-support */
  readonly supportPlan: SupportPlan;
  /**
   * IPv4 ranges that may reach the API server; empty lets every address. The cluster's own outbound address is always
   * let in.
   *
   * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
   */
  readonly authorizedIPRanges: readonly string[];
  /** Availability zones of every pool; empty in a region that has none. */
  readonly zones: readonly string[];
  /** The pool for add-ons; its taint keeps workloads out. */
  readonly systemPool: NodePoolArgs;
  /** The pools for workloads, by name. */
  readonly userPools: Readonly<Record<string, NodePoolArgs>>;
  /**
   * Revisions of the mesh that the control plane runs: one, and during a canary upgrade two.
   *
   * @see https://learn.microsoft.com/azure/aks/istio-upgrade
   */
  readonly revisions: readonly MeshRevision[];
  /** Ingress gateways to run. @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress */
  readonly ingressGateways: readonly ("Internal" | "External")[];
  /** Object IDs of the Entra groups whose members administer the cluster. */
  readonly adminGroupObjectIds: readonly pulumi.Input<string>[];
  /** How whoever runs `pulumi up` logs in to the API server. */
  readonly kubelogin: KubeloginMode;
}

/**
 * An AKS cluster with the Istio add-on, its node pools, and the Kubernetes provider for everything in it. It runs
 * around the clock and costs its nodes, the Standard tier and its load balancer.
 *
 * Closed by default: Entra ID with Azure RBAC and no local accounts, network policies by Cilium, no run command, no
 * SSH, the node resource group read-only.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about
 */
export class MeshCluster extends pulumi.ComponentResource {
  readonly cluster: containerservice.ManagedCluster;
  readonly resourceGroupName: pulumi.Output<string>;
  /** For whoever runs `pulumi up`; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For everything in the cluster. */
  readonly provider: k8s.Provider;
  /** Revisions of the mesh that the control plane runs. */
  readonly revisions: readonly MeshRevision[];

  constructor(name: string, args: MeshClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { location, kubernetesVersion, revisions } = args;
    super("aks-istio:index:MeshCluster", name, { location, kubernetesVersion, revisions }, opts);
    const children = { parent: this };

    const group = new resources.ResourceGroup(`${name}-group`, { location }, children);
    const resourceGroupName = group.name;
    this.cluster = new containerservice.ManagedCluster(
      name,
      { ...clusterArgs(name, args), location, resourceGroupName },
      // The autoscaler moves the number of nodes; setting it back would drain them.
      { ...children, ignoreChanges: ["agentPoolProfiles[0].count"] },
    );
    const userPools = Object.entries(args.userPools).map(
      ([poolName, pool]) =>
        new containerservice.AgentPool(
          `${name}-${poolName}`,
          {
            ...nodePool(pool, args),
            agentPoolName: poolName,
            mode: "User",
            resourceGroupName,
            resourceName: this.cluster.name,
          },
          { ...children, ignoreChanges: ["count"] },
        ),
    );
    this.kubeconfig = userKubeconfig(this, resourceGroupName, args.kubelogin);
    this.provider = new k8s.Provider(
      `${name}-provider`,
      {
        kubeconfig: this.kubeconfig,
        // Without it every change of the kubeconfig replaces all that is in the cluster; with it, only another
        // cluster does. https://github.com/pulumi/pulumi-kubernetes/issues/1148
        clusterIdentifier: this.cluster.id,
        // What is in a cluster that is gone is gone as well.
        deleteUnreachable: true,
      },
      // Workloads cannot run before there is a pool that takes them.
      { ...children, dependsOn: userPools },
    );
    this.resourceGroupName = resourceGroupName;
    this.revisions = revisions;
    this.registerOutputs({
      clusterName: this.cluster.name,
      resourceGroupName,
      kubeconfig: this.kubeconfig,
      revisions,
    });
  }
}

/** The kubeconfig that AKS gives out for users, which opens nothing without a login of Entra ID. */
function userKubeconfig(
  parent: MeshCluster,
  resourceGroupName: pulumi.Output<string>,
  kubelogin: KubeloginMode,
): pulumi.Output<string> {
  const credentials = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: parent.cluster.name, format: "exec" },
    { parent },
  );
  return pulumi.secret(credentials).apply(({ kubeconfigs: [first] }) => {
    if (first === undefined) throw new Error("AKS gave out no kubeconfig for users.");
    return kubeloginKubeconfig(Buffer.from(first.value, "base64").toString("utf8"), kubelogin);
  });
}
