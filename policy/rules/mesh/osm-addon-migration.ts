import { Unknown } from "../../engine/cursor.ts";
import { installations, osmHosts, refuseFrom } from "../../model/azure/osmHosts.ts";
import type { OsmHost } from "../../model/azure/osmHosts.ts";
import { defineRule } from "../../engine/rule.ts";

export const osmAddonMigration = defineRule<OsmHost, { readonly refuseFrom: string }>({
  name: "osm-addon-migration",
  displayName: "Open Service Mesh is migrated before its support ends",
  description:
    "No cluster has the Open Service Mesh add-on: the project is archived, and AKS supports the add-on only until 30 September 2027.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Move to the Istio add-on while AKS supports both: save the traffic policies, disable Open Service Mesh, enable the Istio add-on, and apply the policies as Istio resources.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: osmHosts,
  unknown: "unjudged",
  config: refuseFrom,
  *check(host, { config, stack }) {
    if (stack.scope.today >= config.refuseFrom) return;
    for (const installed of installations(host)) {
      yield installed instanceof Unknown
        ? installed
        : `${installed}, and osm-addon-retired refuses Open Service Mesh from ${config.refuseFrom} on. Plan the move to the Istio add-on.`;
    }
  },
});
