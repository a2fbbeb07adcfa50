import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { leavesAlone } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionPinned = defineRule<
  AksCluster,
  { readonly revisionsManagedElsewhere: boolean }
>({
  name: "mesh-revision-pinned",
  displayName: "The mesh's revision is pinned",
  description:
    "A cluster with the Istio add-on names its revision: otherwise AKS chooses the second newest, and the rules cannot check it.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set revisions to the revision that the cluster runs (az aks show --query serviceMeshProfile.istio.revisions) or, for a new cluster, to one that az aks mesh get-revisions lists. If something else upgrades the mesh, set ignoreChanges for the revisions in the program or revisionsManagedElsewhere of this rule. The rule does not set a revision for you: on a mesh that runs another one, that would start an upgrade.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  config: {
    revisionsManagedElsewhere: {
      type: "boolean",
      default: false,
      description:
        "Whether something other than the program chooses and upgrades revisions. The program then leaves them out, and AKS keeps those that run.",
    },
  },
  *check(cluster, { config }) {
    const { addon } = cluster;
    if (addon === false || config.revisionsManagedElsewhere) return;
    const place = cluster.at("revisions");
    const revisions = place.items();
    if (revisions instanceof Unknown) yield revisions;
    else if (revisions === undefined && leavesAlone(cluster.resource, place.path)) return;
    else if (revisions === undefined || revisions.length === 0) {
      yield addon instanceof Unknown
        ? addon
        : `${place.path} is ${revisions === undefined ? "not set" : "empty"}, so AKS chooses the revision, and with it the label that namespaces need. ${howToSet(cluster)}, or set revisionsManagedElsewhere of this rule if something else upgrades the mesh.`;
    }
  },
});

/**
 * How a program sets the revision with its provider.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/4.0-upgrade-guide
 */
function howToSet({ provider }: AksCluster): string {
  return provider === "native"
    ? "Set it"
    : "Set it (@pulumi/azure requires it from version 6 on; upgrade older versions, which do not have it)";
}
