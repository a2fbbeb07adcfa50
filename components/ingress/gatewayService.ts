import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ingressGatewayDeployment, ingressGatewayName } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** Minimum and maximum number of replicas of a gateway. */
export interface GatewayReplicas {
  /** At least 2, which is also the AKS default. */
  readonly minimum: number;
  /** The AKS default is 5. */
  readonly maximum: number;
}

/** Whether a node may forward traffic to another node (`Cluster`), which adds a hop and hides the client's address. */
export type ExternalTrafficPolicy = "Cluster" | "Local";

export interface GatewayServiceArgs {
  readonly kind: IngressGatewayKind;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly externalTrafficPolicy: ExternalTrafficPolicy | undefined;
}

/** Takes over fields that AKS owns. */
const TAKE_OVER_FIELDS = { "pulumi.com/patchForce": "true" };

/**
 * Patches the Service that AKS creates for a gateway, by server-side apply: it owns the fields below and leaves the
 * rest to AKS. Also used if there is nothing to change, because the patch, unlike a read, waits until the load balancer
 * has an address.
 *
 * The patch is retained on deletion: reverting it would be another patch, which fails if AKS has already removed the
 * Service.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress#ingress-gateway-service-customizations
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function patchGatewayService(
  name: string,
  { kind, annotations, externalTrafficPolicy }: GatewayServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ServicePatch {
  const metadata = { name: ingressGatewayName(kind), namespace: INGRESS_NAMESPACE };
  return new k8s.core.v1.ServicePatch(
    name,
    externalTrafficPolicy === undefined
      ? { metadata: { ...metadata, annotations } }
      : {
          metadata: { ...metadata, annotations: { ...annotations, ...TAKE_OVER_FIELDS } },
          spec: { externalTrafficPolicy },
        },
    { ...opts, retainOnDelete: true },
  );
}

/**
 * Sets the replicas of every revision of a gateway, as AKS does during a canary upgrade.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-scale#horizontal-pod-autoscaling-customization
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrades-with-horizontal-pod-autoscaling-customizations
 */
export function patchGatewayReplicas(
  name: string,
  kind: IngressGatewayKind,
  revisions: readonly MeshRevision[],
  { minimum: minReplicas, maximum: maxReplicas }: GatewayReplicas,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const revision of revisions) {
    new k8s.autoscaling.v2.HorizontalPodAutoscalerPatch(
      `${name}-${revision}`,
      {
        metadata: {
          name: ingressGatewayDeployment(kind, revision),
          namespace: INGRESS_NAMESPACE,
          annotations: TAKE_OVER_FIELDS,
        },
        spec: { minReplicas, maxReplicas },
      },
      // It cannot be reverted: an autoscaler requires a maximum, and the one of an old revision no
      // longer exists.
      { ...opts, retainOnDelete: true },
    );
  }
}
