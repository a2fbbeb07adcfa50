import { REVISION_LABEL } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { meshLabelsOf } from "../../model/istio/meshMembership.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { soleRevision } from "../../model/istio/revisionLabel.ts";
import { isMeshGateway } from "../../model/kubernetes/gatewayApi.ts";
import { gateways, isPatch } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";

export const gatewayapiRevisionNamed = defineRule({
  name: "gatewayapi-revision-named",
  displayName: "Gateways of class istio name their revision",
  description:
    "A Gateway of class istio, or its namespace, has the label istio.io/rev. Without it, the newer revision takes over the gateway as soon as a mesh upgrade starts, before any workload has moved.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    'Set metadata.labels["istio.io/rev"] of the Gateway to the revision that should run it, or to a revision tag. Update a revision before you complete or roll back a mesh upgrade.',
  url: "https://learn.microsoft.com/azure/aks/istio-gateway-api#create-kubernetes-gateway-and-httproute",
  tags: ["gatewayapi"],
  about: gateways,
  unknown: "unjudged",
  wholeStack: true,
  *check(gateway, { stack }) {
    // The namespace may be registered later.
    if (!stack.complete || isPatch(gateway) || !isMeshGateway(gateway)) return;
    yield* onAddonClusters(gateway, stack, () => checkLabels(gateway, stack));
  },
});

/** istiod reads the label of the Gateway, or else of its namespace: `IsMine` of its tag watcher. */
function* checkLabels(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const labels = gateway.at("metadata", "labels");
  const own = labels.keys();
  if (own instanceof Unknown) yield own;
  if (own instanceof Unknown || own?.includes(REVISION_LABEL) === true) return;
  const place = labels.at(REVISION_LABEL).path;
  const ofNamespace = meshLabelsOf(gateway, stack);
  if (ofNamespace === undefined) {
    const { name = "its namespace" } = namespaceOf(gateway, stack);
    yield new NotJudged(
      `${place} is not set, and the stack does not show the labels of ${name}. Set it to the revision that should run the gateway.`,
    );
  } else if (ofNamespace.known[REVISION_LABEL] === undefined) {
    yield ofNamespace.unknown ?? message(place, gateway, stack);
  }
}

function message(place: string, gateway: KubernetesObject, stack: Stack): string {
  const revision = soleRevision(stack.clustersOf(gateway.resource));
  const value = revision ?? "the revision that should run the gateway";
  return `${place} is not set, and its namespace does not have the label either, so the newest revision on the cluster runs the gateway, even during a canary upgrade. Set it to ${value}.`;
}
