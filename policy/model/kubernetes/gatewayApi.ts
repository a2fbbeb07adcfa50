import { kubernetesObjects } from "./objects.ts";
import type { KubernetesObject } from "./objects.ts";

/** The group of the Kubernetes Gateway API. */
export const GATEWAY_API = "gateway.networking.k8s.io";

/** The class of the gateways that the Istio add-on runs. */
export const MESH_CLASS = "istio";

/** The routes that Gateways serve. */
export const routes = kubernetesObjects(
  `${GATEWAY_API}/*`,
  "HTTPRoute",
  "GRPCRoute",
  "TLSRoute",
  "TCPRoute",
  "UDPRoute",
);

/** Whether a Gateway of the Kubernetes Gateway API certainly is one of the mesh's. */
export function isMeshGateway({ at }: KubernetesObject): boolean {
  return at("spec", "gatewayClassName").text() === MESH_CLASS;
}

/** The kind and the API version of an object: `TLSRoute` and `v1`. */
export function typeOf({ resource }: KubernetesObject): {
  readonly kind: string;
  readonly version: string;
} {
  const [, apiVersion = "", written = ""] = resource.type.split(":");
  return {
    kind: written.replace(/(?:Patch|List)$/, ""),
    version: apiVersion.split("/").at(-1) ?? "",
  };
}
