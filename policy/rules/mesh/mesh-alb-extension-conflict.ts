import { Unknown } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { charts } from "../../model/kubernetes/charts.ts";
import type { Chart } from "../../model/kubernetes/charts.ts";

/** The chart of the extension, by its name at any address: `oci://mcr.microsoft.com/application-lb/charts/…`. */
const EXTENSION = /(?:^|\/)alb-controller-servicemesh-extension(?:[-:@][^/]*)?$/;

export const meshAlbExtensionConflict = defineRule({
  name: "mesh-alb-extension-conflict",
  displayName: "The mesh extension of Application Gateway for Containers is not installed",
  description:
    "A cluster with the Istio add-on does not run the service mesh extension of Application Gateway for Containers: it supports only an Istio that you install yourself, and looks for the label istio-injection, with which the add-on injects no sidecars.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the chart. Route traffic from Application Gateway for Containers to the internal ingress gateway of the add-on, or use the add-on's gateways alone.",
  url: "https://learn.microsoft.com/azure/application-gateway/for-containers/service-mesh-integration#limitations",
  tags: ["mesh"],
  about: charts,
  unknown: "nothing",
  wholeStack: true,
  *check(chart, { stack }) {
    yield* onAddonClusters(chart, stack, () => judged(chart, stack));
  },
});

function* judged(release: Chart, stack: Stack): Iterable<Finding> {
  const { chart } = release.source(stack);
  if (chart === undefined || chart instanceof Unknown || !EXTENSION.test(chart)) return;
  yield `the chart ${chart} integrates Application Gateway for Containers with Istio, but it does not support the Istio add-on of the cluster. Remove the chart, and route its traffic to an ingress gateway of the add-on.`;
}
