import { closest } from "../../../text/suggest.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { ingressGateways } from "../../model/istio/ingressGateways.ts";
import type { IngressGateway } from "../../model/istio/ingressGateways.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const MODES: readonly string[] = ["External", "Internal"];

export const meshIngressGatewayModes = defineRule({
  name: "mesh-ingress-gateway-modes",
  displayName: "At most one ingress gateway per mode is enabled",
  description:
    "Each ingress gateway has the mode External or Internal, and at most one gateway of each mode is enabled.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Keep at most one enabled gateway of each mode.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-ingress",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    if (cluster.addon !== true) return;
    const gateways = ingressGateways(cluster);
    if (gateways instanceof Unknown) {
      yield gateways;
      return;
    }
    const on = new Map<string, IngressGateway>();
    for (const gateway of gateways) {
      const { mode, enabled, place } = gateway;
      if (mode instanceof Unknown) yield mode;
      else if (mode === undefined || !MODES.includes(mode)) yield misnamed(place.path, mode);
      else if (enabled instanceof Unknown) yield enabled;
      else if (enabled === true) {
        const first = on.get(mode);
        if (first !== undefined) {
          yield `${first.place.path} and ${place.path} are both ${mode} and enabled, but a mesh has at most one gateway of each mode. Remove one of them.`;
        }
        on.set(mode, first ?? gateway);
      }
    }
  },
});

function misnamed(path: string, mode: string | undefined): Finding {
  const near = mode === undefined ? undefined : closest(mode, MODES);
  const fix = near === undefined ? "Set it to External or Internal." : `Did you mean ${near}?`;
  return `${path}.mode is ${mode === undefined ? "not set" : JSON.stringify(mode)}, which is not a valid ingress gateway mode. ${fix}`;
}
