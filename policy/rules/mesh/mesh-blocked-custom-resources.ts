import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";

/**
 * Kinds that the add-on's webhook refuses. It refuses IstioOperator too, of which mesh-no-istio-operator-or-crds has
 * more to say.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about#limitations
 */
const blocked = anyOf(
  kubernetesObjects("networking.istio.io/*", "ProxyConfig", "WorkloadEntry", "WorkloadGroup"),
  kubernetesObjects("extensions.istio.io/*", "WasmPlugin"),
);

export const meshBlockedCustomResources = defineRule({
  name: "mesh-blocked-custom-resources",
  displayName: "Only Istio resources that the add-on allows",
  description: "No Istio resource is of a kind that the add-on blocks.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Say it otherwise: a ProxyConfig as the annotation proxy.istio.io/config of a pod or as defaultConfig in the shared ConfigMap, a WorkloadEntry as an endpoint of a ServiceEntry. For a WasmPlugin the add-on has no replacement.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: blocked,
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    const kind = object.label.slice(0, object.label.indexOf(" "));
    yield* onAddonClusters(object, stack, () => [
      `${kind} is a kind that the add-on blocks. Remove it, and say the same otherwise.`,
    ]);
  },
});
