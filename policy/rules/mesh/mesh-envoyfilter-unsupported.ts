import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshEnvoyfilterUnsupported = defineRule({
  name: "mesh-envoyfilter-unsupported",
  displayName: "EnvoyFilters are not used",
  description:
    "The mesh has no EnvoyFilter: the add-on accepts EnvoyFilters, but Microsoft does not support problems that they cause.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "If another Istio resource does the same, use it instead.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: kubernetesObjects("networking.istio.io/*", "EnvoyFilter"),
  unknown: "nothing",
  wholeStack: true,
  *check(filter, { stack }) {
    yield* onAddonClusters(filter, stack, () => [
      "the add-on accepts an EnvoyFilter, but Microsoft does not support problems that it causes. If another Istio resource does the same, use it instead.",
    ]);
  },
});
