import type { Cluster, Resource } from "./cluster.ts";
import type { Components } from "./components.ts";
import { readCustomResources } from "./customResources.ts";

/** AKS's own names, written out here to test the names in mesh/. */
export const AKS = {
  controlPlaneNamespace: "aks-istio-system",
  ingressNamespace: "aks-istio-ingress",
  internalGateway: "aks-istio-ingressgateway-internal",
  sharedConfigMap: (revision: string) => `istio-shared-configmap-${revision}`,
} as const;

export const AKS_NAMESPACES: readonly string[] = [AKS.controlPlaneNamespace, AKS.ingressNamespace];

/**
 * Creates the objects that AKS creates before a deployment in a cluster with the add-on, an ingress gateway, managed
 * Prometheus and the Gateway API, except the revisions of the mesh.
 */
export async function prepare(cluster: Cluster, programs: Components): Promise<void> {
  const namespaces = AKS_NAMESPACES.map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const kinds = readCustomResources(programs.customResources, "aks");
  for (const object of [...namespaces, gatewayService, ...kinds]) await cluster.create(object);
  await cluster.untilServed(kinds);
}

/** The address that a cloud would assign to the ingress gateway. */
export const GATEWAY_ADDRESS = "10.224.0.10";

/** Assigns an address to the Service of the ingress gateway, as a cloud does. */
export async function giveGatewayAddress(cluster: Cluster): Promise<void> {
  const status = { loadBalancer: { ingress: [{ ip: GATEWAY_ADDRESS }] } };
  await cluster.merge(gatewayService, { status }, "status");
}

/** Whether AKS creates an object, which a deployment then only updates. */
export function isOfAks({ kind, metadata: { namespace } }: Resource): boolean {
  return namespace === AKS.ingressNamespace && kind === "Service";
}

/**
 * Whether an object is for Azure's own drivers and controllers, whose custom resource definitions are not published, or
 * is created by them.
 */
export function isForAzure({ apiVersion, metadata: { name } }: Resource): boolean {
  return (
    apiVersion.startsWith("secrets-store.csi.x-k8s.io/") ||
    apiVersion.startsWith("egressgateway.kubernetes.azure.com/") ||
    name.endsWith("-certificates")
  );
}

/** The Service that AKS creates for an egress gateway. */
export function egressService(metadata: {
  readonly name: string;
  readonly namespace: string;
}): Resource {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      selector: { istio: metadata.name },
      ports: [
        { name: "http2", port: 80 },
        { name: "https", port: 443 },
      ],
    },
  };
}

const gatewayService: Resource = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: AKS.internalGateway, namespace: AKS.ingressNamespace },
  spec: {
    type: "LoadBalancer",
    selector: { istio: AKS.internalGateway },
    ports: [
      { name: "http2", port: 80 },
      { name: "https", port: 443 },
    ],
  },
};
