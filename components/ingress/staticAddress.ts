import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayAnnotations } from "../../mesh/gatewayAnnotations.ts";
import { grantNetworkContributor } from "../cluster/clusterIdentities.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import { createPublicAddress } from "../azure/publicAddress.ts";

export interface StaticAddress {
  readonly ipAddress: pulumi.Output<string>;
  /** Annotations that make a load balancer use it. */
  readonly annotations: { readonly [Name in keyof GatewayAnnotations]: pulumi.Output<string> };
  /** The role assignment that the load balancer requires to find it. */
  readonly role: pulumi.Resource;
}

/**
 * A public IPv4 address that survives the gateway and the cluster. It has its own resource group, because the cluster's
 * identity requires a role on the group.
 *
 * @see https://learn.microsoft.com/azure/aks/static-ip
 */
export function createStaticAddress(
  name: string,
  { cluster }: MeshCluster,
  zones: readonly string[],
  opts: pulumi.CustomResourceOptions,
): StaticAddress {
  const { location } = cluster;
  const group = new resources.ResourceGroup(`${name}-address`, { location }, opts);
  const { resource, ipAddress } = createPublicAddress(
    name,
    { location, resourceGroupName: group.name, zones },
    opts,
  );
  return {
    ipAddress,
    annotations: {
      "service.beta.kubernetes.io/azure-load-balancer-resource-group": group.name,
      "service.beta.kubernetes.io/azure-pip-name": resource.name,
    },
    role: grantNetworkContributor(`${name}-address`, cluster, group.id, opts),
  };
}
