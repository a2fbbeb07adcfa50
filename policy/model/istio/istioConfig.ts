import { kubernetesObjects } from "../kubernetes/objects.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind } from "../../engine/resource.ts";

/** Istio's Gateways, not those of the Kubernetes Gateway API. */
export const istioGateways = networking("Gateway");
export const virtualServices = networking("VirtualService");
export const destinationRules = networking("DestinationRule");
export const serviceEntries = networking("ServiceEntry");
export const sidecars = networking("Sidecar");

export const peerAuthentications = security("PeerAuthentication");
export const authorizationPolicies = security("AuthorizationPolicy");

export const telemetries = kubernetesObjects("telemetry.istio.io/*", "Telemetry");

/** Every object that configures Istio. */
export const istioObjects: TargetKind<KubernetesObject> = anyOf(
  istioGateways,
  virtualServices,
  destinationRules,
  serviceEntries,
  sidecars,
  networking("EnvoyFilter"),
  peerAuthentications,
  authorizationPolicies,
  security("RequestAuthentication"),
  telemetries,
);

function networking(kind: string): TargetKind<KubernetesObject> {
  return kubernetesObjects("networking.istio.io/*", kind);
}

function security(kind: string): TargetKind<KubernetesObject> {
  return kubernetesObjects("security.istio.io/*", kind);
}
