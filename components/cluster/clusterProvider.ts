import * as containerservice from "@pulumi/azure-native/containerservice";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kubeloginKubeconfig } from "./kubeconfig.ts";
import type { KubeloginMode } from "./kubeconfig.ts";

/** A way into a cluster. */
export interface ClusterProvider {
  /** For whoever runs `pulumi up`; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
}

/** The Kubernetes provider for everything in a cluster, which waits for the nodes that take workloads. */
export function clusterProvider(
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
      // Without it every change of the kubeconfig replaces all that is in the cluster; with it, only another
      // cluster does. https://github.com/pulumi/pulumi-kubernetes/issues/1148
      clusterIdentifier: cluster.id,
      // `deleteUnreachable` stays off: with it, a refresh that merely cannot log in forgets all that is in the cluster.
      // A ConfigMap that changes is changed, where the provider would replace it: in between, the mesh would be
      // without its configuration. https://github.com/pulumi/pulumi-kubernetes/issues/1567
      enableConfigMapMutable: true,
    },
    { ...opts, dependsOn: [...nodes] },
  );
  return { kubeconfig, provider };
}

/** The kubeconfig that AKS gives out for users, which opens nothing without a login of Entra ID. */
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
    if (first === undefined) throw new Error("AKS gave out no kubeconfig for users.");
    return kubeloginKubeconfig(Buffer.from(first.value, "base64").toString("utf8"), kubelogin);
  });
}
