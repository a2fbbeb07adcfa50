import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import type { Account } from "./trafficTargets.ts";

const VERSIONS = {
  AuthorizationPolicy: "security.istio.io/v1",
  PeerAuthentication: "security.istio.io/v1",
  DestinationRule: "networking.istio.io/v1",
  ServiceEntry: "networking.istio.io/v1",
  VirtualService: "networking.istio.io/v1",
  Telemetry: "telemetry.istio.io/v1",
} as const;

/** An object of Istio. */
export function istioObject(
  kind: keyof typeof VERSIONS,
  namespace: string,
  name: string,
  spec: object,
): ClusterObject {
  return { apiVersion: VERSIONS[kind], kind, metadata: { name, namespace }, spec };
}

/** The identity of a service account in policies. Istio reads `cluster.local` as the trust domain of its own mesh. */
export function principalOf({ namespace, name }: Account): string {
  return `cluster.local/ns/${namespace}/sa/${name}`;
}

/** Names joined by hyphens, as the name of an object: at most 253 characters, and nothing but a part of a DNS name. */
export function objectName(...parts: readonly string[]): string {
  return parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 253)
    .replace(/[.-]+$/, "");
}
