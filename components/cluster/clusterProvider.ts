import * as containerservice from "@pulumi/azure-native/containerservice";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kubeloginKubeconfig } from "./kubeconfig.ts";
import type { KubeloginMode } from "./kubeconfig.ts";

/** Credentials and a Kubernetes provider for a cluster. */
export interface ClusterProvider {
  /** Kubeconfig for the identity that runs `pulumi up`; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
}

/** The Kubernetes provider for objects in a cluster. It depends on the node pools for workloads. */
export function createClusterProvider(
  name: string,
  cluster: containerservice.ManagedCluster,
  args: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly kubelogin: KubeloginMode;
    readonly nodes: readonly pulumi.Resource[];
  },
  opts: { readonly parent: pulumi.Resource },
): ClusterProvider {
  const { resourceGroupName, kubelogin, nodes } = args;
  const kubeconfig = userKubeconfig(cluster, resourceGroupName, kubelogin, opts);
  const provider = new k8s.Provider(
    `${name}-provider`,
    {
      kubeconfig,
      // Without it, every change of the kubeconfig would replace all objects in the cluster; with
      // it, only a new cluster does. https://github.com/pulumi/pulumi-kubernetes/issues/1148
      clusterIdentifier: cluster.id,
      // `deleteUnreachable` stays off: with it, a refresh that merely cannot log in would drop all objects from the
      // state. Updates a changed ConfigMap in place. The provider would replace it, which would leave the mesh without
      // its configuration in between. https://github.com/pulumi/pulumi-kubernetes/issues/1567
      enableConfigMapMutable: true,
    },
    { ...opts, dependsOn: [...nodes] },
  );
  return { kubeconfig, provider };
}

/** The user kubeconfig from AKS, which grants nothing without an Entra ID login. */
function userKubeconfig(
  cluster: containerservice.ManagedCluster,
  resourceGroupName: pulumi.Input<string>,
  kubelogin: KubeloginMode,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const credentials = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: cluster.name, format: "exec" },
    opts,
  );
  return pulumi.secret(credentials).apply(({ kubeconfigs: [first] }) => {
    if (first === undefined) throw new Error("AKS did not return a user kubeconfig.");
    return kubeloginKubeconfig(Buffer.from(first.value, "base64").toString("utf8"), kubelogin);
  });
}
