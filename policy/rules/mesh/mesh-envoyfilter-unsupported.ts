import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshEnvoyfilterUnsupported = defineRule({
  name: "mesh-envoyfilter-unsupported",
  displayName: "No EnvoyFilter, which Microsoft does not support",
  description:
    "The mesh has no EnvoyFilter: the add-on accepts it, but Microsoft does not support problems that it causes.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Use another resource of Istio that does the same, where there is one.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: kubernetesObjects("networking.istio.io/*", "EnvoyFilter"),
  unknown: "nothing",
  wholeStack: true,
  *check(filter, { stack }) {
    yield* onAddonClusters(filter, stack, () => [
      "the add-on accepts an EnvoyFilter, and Microsoft does not support what it breaks. Use a resource of Istio that does the same, where there is one.",
    ]);
  },
});
