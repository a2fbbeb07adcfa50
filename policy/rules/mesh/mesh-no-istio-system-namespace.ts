import { namespaces } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshNoIstioSystemNamespace = defineRule({
  name: "mesh-no-istio-system-namespace",
  displayName: "No namespace istio-system beside the add-on",
  description:
    "A cluster with the Istio add-on has no namespace istio-system, where a self-installed Istio runs: the add-on uses aks-istio-system.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the namespace if nothing else is in it. Objects of Istio that hold for the whole mesh belong in aks-istio-system.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  *check({ resource, label, name, at }, { stack }) {
    if (name !== "istio-system") return;
    yield* onAddonClusters({ resource, label }, stack, () => [
      `${at("metadata", "name").path} is istio-system, where an Istio of one's own lives; the add-on lives in aks-istio-system. Remove the namespace if nothing else is in it.`,
    ]);
  },
});
