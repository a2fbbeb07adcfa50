import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ingressGatewayDeployment, ingressGatewayName } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** How many replicas a gateway has between idle and busy. */
export interface GatewayReplicas {
  /** At least 2, which is also AKS' default. */
  readonly minimum: number;
  /** AKS' default is 5. */
  readonly maximum: number;
}

/** Whether a node that gets traffic may hand it to another, which costs a hop and the client's address. */
export type ExternalTrafficPolicy = "Cluster" | "Local";

export interface GatewayServiceArgs {
  readonly kind: IngressGatewayKind;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly externalTrafficPolicy: ExternalTrafficPolicy | undefined;
}

/** A field that AKS has set is its own until somebody takes it. */
const TAKE_OVER_FIELDS = { "pulumi.com/patchForce": "true" };

/**
 * The changes to the Service that AKS makes for a gateway, by server-side apply: they hold the fields below and leave
 * the rest to AKS. Also where there is nothing to change, because the patch, unlike a read, waits until the load
 * balancer has an address.
 *
 * The patch stays when it is not wanted any more: taking it back would be one more patch, and fails where AKS has
 * removed the Service by then.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress#ingress-gateway-service-customizations
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function gatewayService(
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
 * The replicas of every revision of a gateway, the same for all, as AKS keeps them during a canary upgrade.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-scale#horizontal-pod-autoscaling-customization
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrades-with-horizontal-pod-autoscaling-customizations
 */
export function gatewayReplicas(
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
      // It cannot be taken back: an autoscaler without a maximum is none, and one of a past revision is gone.
      { ...opts, retainOnDelete: true },
    );
  }
}
