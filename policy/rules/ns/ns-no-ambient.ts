import { DATAPLANE_MODE_LABEL } from "../../../mesh/names.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { gateways, namespaces, podTemplates } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/** Labels that request ambient mode. The value none opts out of it. */
const AMBIENT_LABELS = [DATAPLANE_MODE_LABEL, "istio.io/use-waypoint"];

interface AmbientLabel {
  readonly label: Cursor;
  readonly value: string | Unknown;
}

const WAYPOINT_CLASS = "istio-waypoint";

export const nsNoAmbient = defineRule({
  name: "ns-no-ambient",
  displayName: "Ambient mode is not used",
  description:
    "No namespace, pod or Gateway on a cluster with the Istio add-on requests ambient mode: the add-on has no ztunnel and no waypoints, so the traffic stays outside the mesh.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the label or the waypoint, and set istio.io/rev on the namespace: the add-on supports only sidecars.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["ns"],
  about: anyOf<KubernetesObject>(namespaces, podTemplates, gateways),
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () => judged(object));
  },
  // Only on namespaces: the selector of a workload may use the labels of its pods.
  remediate(object, { stack }) {
    if (allUseAddon(stack.clustersOf(object.resource)) !== true) return false;
    if (!namespaces.matches(object.resource.type)) return false;
    const asking = ambientLabels(object).filter(({ value }) => typeof value === "string");
    for (const { label } of asking) label.remove();
    return asking.length > 0;
  },
});

function* judged(object: KubernetesObject): Iterable<Finding> {
  for (const { label, value } of ambientLabels(object)) {
    yield value instanceof Unknown
      ? value
      : `${label.path} is ${value}, which requests ambient mode, but the add-on does not support it. Remove it.`;
  }
  if (!gateways.matches(object.resource.type)) return;
  const place = object.at("spec", "gatewayClassName");
  const className = place.text();
  if (className instanceof Unknown) yield className;
  else if (className === WAYPOINT_CLASS) {
    yield `${place.path} is ${WAYPOINT_CLASS}, a proxy for ambient mode, but the add-on does not support it. Remove the Gateway.`;
  }
}

function ambientLabels({ at }: KubernetesObject): readonly AmbientLabel[] {
  return AMBIENT_LABELS.flatMap((name) => {
    const label = at("metadata", "labels", name);
    const value = label.text();
    return value === undefined || value === "none" ? [] : [{ label, value }];
  });
}
