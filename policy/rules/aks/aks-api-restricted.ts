import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksApiRestricted = defineRule({
  name: "aks-api-restricted",
  displayName: "API server access is restricted",
  description:
    "The API server of the cluster is private, or accepts connections only from listed address ranges.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Make the cluster private (enablePrivateCluster), or name the ranges of offices, pipelines and jump hosts in apiServerAccessProfile.authorizedIPRanges.",
  url: "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
  tags: [
    "aks",
    "PSRule:Azure.AKS.AuthorizedIPs",
    "checkov:CKV_AZURE_6",
    "checkov:CKV_AZURE_115",
    "Trivy:AZU-0041",
    "Trivy:AZU-0065",
    "AzurePolicy:AKS_PrivateCluster_Deny",
  ],
  about: clusters,
  unknown: "unjudged",
  *check(cluster) {
    const place = cluster.at("privateCluster");
    const isPrivate = place.flag();
    const ranges = cluster.at("authorizedIpRanges");
    const items = ranges.items();
    if (isPrivate === true) return;
    if (items instanceof Unknown) yield items;
    else if (items === undefined || items.length === 0) {
      yield isPrivate instanceof Unknown
        ? isPrivate
        : `${ranges.path} is ${items === undefined ? "not set" : "empty"} and ${place.path} is not true, so that the API server answers to the whole internet. Name the ranges that need it, or make the cluster private.`;
    } else {
      for (const item of items) {
        const range = item.text();
        // One that is not known yet, such as the address of a gateway that is being made, is one range all the same.
        if (typeof range !== "string" || !range.endsWith("/0")) continue;
        yield `${item.path} is ${range}, which is every address. Name the ranges that need the API server.`;
      }
    }
  },
});
