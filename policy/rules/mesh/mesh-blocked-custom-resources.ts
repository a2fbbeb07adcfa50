import { BLOCKED_KINDS } from "../../../mesh/ownIstio.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";

/** IstioOperator, which the webhook also rejects, is covered by mesh-no-istio-operator-or-crds. */
const blocked = anyOf(
  kubernetesObjects("networking.istio.io/*", ...BLOCKED_KINDS["networking.istio.io"]),
  kubernetesObjects("extensions.istio.io/*", ...BLOCKED_KINDS["extensions.istio.io"]),
);

export const meshBlockedCustomResources = defineRule({
  name: "mesh-blocked-custom-resources",
  displayName: "Istio resources are of kinds that the add-on allows",
  description: "No Istio resource is of a kind that the add-on blocks.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Replace a ProxyConfig with the annotation proxy.istio.io/config of a pod or with defaultConfig in the shared ConfigMap, and a WorkloadEntry with an endpoint of a ServiceEntry. The add-on has no replacement for a WasmPlugin.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: blocked,
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    const kind = object.label.slice(0, object.label.indexOf(" "));
    yield* onAddonClusters(object, stack, () => [
      `the add-on blocks resources of kind ${kind}. Remove it, and use resources that the add-on allows.`,
    ]);
  },
});
