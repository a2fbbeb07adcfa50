import { charts } from "../../model/kubernetes/charts.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { istioChart } from "../../model/istio/istioCharts.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshNoIstioHelm = defineRule({
  name: "mesh-no-istio-helm",
  displayName: "Helm charts do not install Istio",
  description:
    "No Helm chart installs Istio on a cluster with the Istio add-on: AKS does not support a second Istio.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the chart: the add-on includes istiod, its CRDs, its CNI and its gateways. Move the configuration in its values to the shared ConfigMap of the revision and to serviceMeshProfile.istio.components.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: charts,
  unknown: "violation",
  wholeStack: true,
  *check(chart, { stack }) {
    const addon = allUseAddon(stack.clustersOf(chart.resource));
    if (addon !== true && !(addon instanceof Unknown)) return;
    const istio = istioChart(chart.source(stack));
    if (istio instanceof Unknown) yield istio;
    else if (istio !== undefined) {
      yield addon instanceof Unknown
        ? addon
        : `${istio} installs Istio, but the cluster has the Istio add-on. Remove the chart.`;
    }
  },
});
