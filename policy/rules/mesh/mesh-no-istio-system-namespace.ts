import { OWN_ISTIO_NAMESPACE } from "../../../mesh/ownIstio.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshNoIstioSystemNamespace = defineRule({
  name: "mesh-no-istio-system-namespace",
  displayName: "The namespace istio-system does not exist",
  description:
    "A cluster with the Istio add-on does not have the namespace istio-system, where a self-managed Istio runs: the add-on uses aks-istio-system.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the namespace unless something else uses it. Mesh-wide Istio objects belong in aks-istio-system.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  *check({ resource, label, name, at }, { stack }) {
    if (name !== OWN_ISTIO_NAMESPACE) return;
    yield* onAddonClusters({ resource, label }, stack, () => [
      `${at("metadata", "name").path} is istio-system, the namespace of a self-managed Istio, but the add-on uses aks-istio-system. Remove the namespace unless something else uses it.`,
    ]);
  },
});
