import { kubernetesMinor } from "../../../mesh/catalog.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/**
 * The first version of Kubernetes with which a new AKS Automatic cluster has the gateways of application routing.
 *
 * @see https://learn.microsoft.com/azure/aks/app-routing-gateway-api#aks-automatic-default-behavior-aks-136-and-later
 */
const ON_BY_DEFAULT_FROM = "1.36";

export const meshApproutingGatewayConflict = defineRule({
  name: "mesh-approuting-gateway-conflict",
  displayName: "No application routing Gateway API beside the Istio add-on",
  description:
    "A cluster with the Istio add-on does not use the Gateway API of the application routing add-on, which runs its own Istio: AKS refuses the combination.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode to Disabled, in a version of the API that has it (2026-02-01 or later), and let the Istio add-on serve the gateways, with the class istio. On a cluster that has such gateways already they go with it, so nothing is changed for you.",
  url: "https://learn.microsoft.com/azure/aks/app-routing-gateway-api#limitations",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster) {
    const { addon } = cluster;
    if (addon === false) return;
    const [finding] = conflicts(cluster);
    if (finding === undefined) return;
    if (addon === true) yield finding;
    else if (!(finding instanceof NotJudged)) yield addon;
  },
});

function* conflicts(cluster: AksCluster): Iterable<Finding> {
  const place = cluster.at("appRoutingGateway");
  const mode = enumerated(place, ["Enabled"]);
  const mesh = cluster.at("meshMode").path;
  if (mode instanceof Unknown) yield mode;
  else if (mode === "Enabled") {
    yield `${mesh} is Istio while ${place.path} is Enabled. Set ${place.path} to Disabled first, and ${mesh} to Istio only then.`;
  } else if (mode === undefined) {
    const sku = cluster.at("skuName");
    const { automatic } = cluster;
    const version = cluster.at("kubernetesVersion");
    const kubernetes = version.text();
    if (automatic instanceof Unknown) yield automatic;
    else if (!automatic) return;
    else if (kubernetes instanceof Unknown) yield kubernetes;
    else if (kubernetesMinor(kubernetes) === undefined) {
      yield new NotJudged(
        `${sku.path} is Automatic, and nothing says which version AKS chooses: from ${ON_BY_DEFAULT_FROM} on it switches on the gateways of application routing. Set ${place.path} to Disabled.`,
      );
    } else if (isOnByDefault(kubernetes)) {
      yield `${sku.path} is Automatic and ${version.path} is ${kubernetes}, for which AKS switches on the gateways of application routing where nothing is said. Set ${place.path} to Disabled.`;
    }
  }
}

function isOnByDefault(kubernetes: string | undefined): boolean {
  return (kubernetesMinor(kubernetes) ?? 0) >= (kubernetesMinor(ON_BY_DEFAULT_FROM) ?? Infinity);
}
