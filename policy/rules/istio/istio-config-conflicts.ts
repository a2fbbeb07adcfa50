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
import { checkDestinations, checkHost } from "./conflicts/destinations.ts";
import { checkGatewayHosts } from "./conflicts/gatewayHosts.ts";
import { checkGatewayReferences } from "./conflicts/gatewayReferences.ts";
import { checkMeshHosts } from "./conflicts/meshHosts.ts";
import { checkProtocols } from "./conflicts/serviceEntryProtocols.ts";
import { checkEmptySubsets } from "./conflicts/subsets.ts";
import { checkTelemetries } from "./conflicts/telemetries.ts";

type Check = (object: KubernetesObject, stack: Stack) => Iterable<Finding>;

/** The checks for objects of each kind. */
const CHECKS: readonly (readonly [TargetKind<KubernetesObject>, readonly Check[]])[] = [
  [istioGateways, [checkGatewayHosts]],
  [virtualServices, [checkMeshHosts, checkGatewayReferences, checkDestinations]],
  [
    destinationRules,
    [(rule, stack) => checkHost(rule.at("spec", "host"), rule, stack), checkEmptySubsets],
  ],
  [serviceEntries, [checkProtocols]],
  [telemetries, [checkTelemetries]],
];

export const istioConfigConflicts = defineRule({
  name: "istio-config-conflicts",
  displayName: "Istio objects do not conflict with one another",
  description:
    "Gateways, routes and telemetry do not conflict with one another, and the objects that they refer to exist. Of two conflicting objects, Istio uses only one, and it drops requests to a missing destination.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Keep only one of the conflicting objects, and refer to gateways, services, ports and subsets that exist. istioctl analyze --revision <revision> performs similar checks on a cluster.",
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
    yield* onAddonClusters(object, stack, () => checkObject(object, stack));
  },
});

function* checkObject(object: KubernetesObject, stack: Stack): Iterable<Finding> {
  for (const [kind, checks] of CHECKS) {
    if (!kind.matches(object.resource.type)) continue;
    for (const check of checks) yield* check(object, stack);
  }
}
