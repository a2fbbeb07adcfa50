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
    "Set the revisions to the one that the cluster runs: az aks show --query serviceMeshProfile.istio.revisions; for a new cluster, one of az aks mesh get-revisions. Where something else upgrades the mesh, say so: with ignoreChanges of the revisions in the program, or revisionsManagedElsewhere for this rule. No revision is filled in for you, because on a mesh that runs another one that begins an upgrade.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  config: {
    revisionsManagedElsewhere: {
      type: "boolean",
      default: false,
      description:
        "Something other than the program chooses and upgrades revisions, so that the program leaves them out and AKS keeps what runs.",
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
        : `${place.path} is ${revisions === undefined ? "not set" : "empty"}, so that AKS chooses the revision, and what labels its namespaces need. ${naming(cluster)}, or set revisionsManagedElsewhere of this rule where something else upgrades the mesh.`;
    }
  },
});

/**
 * How a program can name the revision.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/4.0-upgrade-guide
 */
function naming({ provider }: AksCluster): string {
  return provider === "native"
    ? "Name it"
    : "Name it: version 6 of @pulumi/azure requires the field, and older versions do not have it, so upgrade from those first";
}
