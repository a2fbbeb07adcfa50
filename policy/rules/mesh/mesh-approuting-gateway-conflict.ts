import { kubernetesMinor } from "../../../mesh/catalog.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/**
 * The first Kubernetes version for which a new AKS Automatic cluster enables the application routing gateways by default.
 *
 * @see https://learn.microsoft.com/azure/aks/app-routing-gateway-api#aks-automatic-default-behavior-aks-136-and-later
 */
const ON_BY_DEFAULT_FROM = "1.36";

export const meshApproutingGatewayConflict = defineRule({
  name: "mesh-approuting-gateway-conflict",
  displayName: "The application routing Gateway API is disabled",
  description:
    "A cluster with the Istio add-on does not enable the Gateway API of the application routing add-on, which runs its own Istio: AKS rejects the combination.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode to Disabled, with API version 2026-02-01 or later, and serve the gateways with the Istio add-on, under the gateway class istio. Disabling it removes the gateways that a cluster already has, so the rule does not change it for you.",
  url: "https://learn.microsoft.com/azure/aks/app-routing-gateway-api#limitations",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster) {
    const { addon } = cluster;
    if (addon === false) return;
    const [finding] = [...conflicts(cluster), ...checkOperator(cluster)];
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
    yield `${mesh} is Istio while ${place.path} is Enabled. Set ${place.path} to Disabled before you set ${mesh} to Istio.`;
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
        `${sku.path} is Automatic, and the preview does not show which Kubernetes version AKS chooses: from ${ON_BY_DEFAULT_FROM} on, AKS enables the application routing gateways by default. Set ${place.path} to Disabled.`,
      );
    } else if (isOnByDefault(kubernetes)) {
      yield `${sku.path} is Automatic and ${version.path} is ${kubernetes}, for which AKS enables the application routing gateways by default. Set ${place.path} to Disabled.`;
    }
  }
}

/**
 * Questions application routing beside the mesh without the Gateway API, with which its operator crashed.
 *
 * @see https://github.com/Azure/AKS/issues/5914
 */
function* checkOperator(cluster: AksCluster): Iterable<Finding> {
  const routing = cluster.at("appRouting");
  const enabled = cluster.provider === "classic" ? routing.keys() !== undefined : routing.flag();
  const installation = cluster.at("gatewayApi");
  if (enabled !== true || enumerated(installation, ["Standard"]) === "Standard") return;
  yield new NotJudged(
    `${routing.path} enables application routing, and ${installation.path} is not Standard. With the Istio add-on and without the Gateway API, the operator of application routing crashed and no longer updated Ingresses (https://github.com/Azure/AKS/issues/5914), and the preview does not show whether AKS has fixed this in your region. Set ${installation.path} to Standard.`,
  );
}

function isOnByDefault(kubernetes: string | undefined): boolean {
  return (kubernetesMinor(kubernetes) ?? 0) >= (kubernetesMinor(ON_BY_DEFAULT_FROM) ?? Infinity);
}
