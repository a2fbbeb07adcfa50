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
    "Move to the Istio add-on while both are supported: save the traffic policies, switch Open Service Mesh off, switch the Istio add-on on, and apply the policies as Istio's.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: osmHosts,
  unknown: "unjudged",
  config: refuseFrom,
  *check(host, { config, stack }) {
    if (stack.scope.today >= config.refuseFrom) return;
    for (const is of installations(host)) {
      yield is instanceof Unknown
        ? is
        : `${is}, and from ${config.refuseFrom} on osm-addon-retired refuses it. Plan the move to the Istio add-on.`;
    }
  },
});
