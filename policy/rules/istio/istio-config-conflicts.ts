import {
  destinationRules,
  istioGateways,
  serviceEntries,
  telemetries,
  virtualServices,
} from "../../model/istio/istioConfig.ts";
import { isPatch } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";
import { destinations, knownHost } from "./conflicts/destinations.ts";
import { conflictingGateways } from "./conflicts/gatewayHosts.ts";
import { gatewayReferences } from "./conflicts/gatewayReferences.ts";
import { conflictingMeshHosts } from "./conflicts/meshHosts.ts";
import { conflictingProtocols } from "./conflicts/serviceEntryProtocols.ts";
import { emptySubsets } from "./conflicts/subsets.ts";
import { conflictingTelemetries } from "./conflicts/telemetries.ts";

type Judge = (object: KubernetesObject, stack: Stack) => Iterable<Finding>;

/** What is looked for in objects of each kind. */
const JUDGES: readonly (readonly [TargetKind<KubernetesObject>, readonly Judge[]])[] = [
  [istioGateways, [conflictingGateways]],
  [virtualServices, [conflictingMeshHosts, gatewayReferences, destinations]],
  [
    destinationRules,
    [(rule, stack) => knownHost(rule.at("spec", "host"), rule, stack), emptySubsets],
  ],
  [serviceEntries, [conflictingProtocols]],
  [telemetries, [conflictingTelemetries]],
];

export const istioConfigConflicts = defineRule({
  name: "istio-config-conflicts",
  displayName: "Istio objects do not conflict with one another",
  description:
    "Gateways, routes and telemetry do not contradict one another, and what they refer to exists: Istio uses only one of two conflicting objects, and drops requests to a missing destination.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Keep one object of those that claim the same, and name gateways, services, ports and subsets that are there. istioctl analyze --revision <revision> looks for the same in a cluster.",
  url: "https://istio.io/latest/docs/reference/config/analysis/",
  tags: [
    "istio",
    "Istio:IST0101",
    "Istio:IST0109",
    "Istio:IST0112",
    "Istio:IST0132",
    "Istio:IST0145",
    "Istio:IST0159",
    "Istio:IST0160",
    "Istio:IST0173",
    "Istio:IST0174",
    "Istio:IST0177",
  ],
  about: anyOf(istioGateways, virtualServices, destinationRules, serviceEntries, telemetries),
  unknown: "nothing",
  wholeStack: true,
  *check(object, { stack }) {
    if (!stack.complete || isPatch(object)) return;
    yield* onAddonClusters(object, stack, () => judged(object, stack));
  },
});

function* judged(object: KubernetesObject, stack: Stack): Iterable<Finding> {
  for (const [kind, judges] of JUDGES) {
    if (!kind.matches(object.resource.type)) continue;
    for (const judge of judges) yield* judge(object, stack);
  }
}
