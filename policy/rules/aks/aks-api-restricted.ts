import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const aksApiRestricted = defineRule({
  name: "aks-api-restricted",
  displayName: "API server access is restricted",
  description:
    "The cluster's API server is private or accepts connections only from authorized IP ranges.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set apiServerAccessProfile.enablePrivateCluster to true, or list the ranges of your offices, pipelines and jump hosts in apiServerAccessProfile.authorizedIPRanges.",
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
        : `${ranges.path} is ${items === undefined ? "not set" : "empty"} and ${place.path} is not true, so the API server accepts connections from the whole internet. List the address ranges that need access, or make the cluster private.`;
    } else {
      for (const item of items) {
        const range = item.text();
        // An unknown range, such as the address of a gateway yet to be created, still restricts access.
        if (typeof range !== "string" || !range.endsWith("/0")) continue;
        yield `${item.path} is ${range}, which covers every address. List only the ranges that need access to the API server.`;
      }
    }
  },
});
