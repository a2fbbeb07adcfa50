import { MAX_EGRESS_GATEWAYS, egressGatewayNameProblem } from "../../../mesh/egressGateways.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { egressGateways } from "../../model/istio/egressGateways.ts";
import type { EgressGateway } from "../../model/istio/egressGateways.ts";
import { nodePoolsOf } from "../../model/azure/nodePools.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

export const meshEgressPrerequisites = defineRule({
  name: "mesh-egress-prerequisites",
  displayName: "Egress gateways have their prerequisites",
  description:
    "A cluster with egress gateways has Static Egress Gateway enabled, a node pool in mode Gateway and no pod subnets. Each egress gateway has a valid, unique name and a configuration.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Enable networkProfile.staticEgressGatewayProfile, add an AgentPool in mode Gateway with a gatewayProfile, and deploy a StaticGatewayConfiguration in the gateway's namespace. Enable the gateway once that has an egressIpPrefix, and name it in gatewayConfigurationName.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-egress#limitations-and-requirements",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  // The pools come after their cluster.
  wholeStack: true,
  *check(cluster, { stack }) {
    if (cluster.addon !== true) return;
    const gateways = egressGateways(cluster);
    if (gateways instanceof Unknown) {
      yield gateways;
      return;
    }
    const on = gateways.filter(({ enabled }) => enabled === true);
    for (const { enabled } of gateways) if (enabled instanceof Unknown) yield enabled;
    if (on.length === 0) return;
    yield* staticEgress(cluster);
    yield* pools(cluster, stack);
    if (on.length > MAX_EGRESS_GATEWAYS) {
      yield `${cluster.at("egressGateways").path} has ${on.length} egress gateways that are on, and AKS runs at most ${MAX_EGRESS_GATEWAYS}. Share gateways between namespaces.`;
    }
    for (const gateway of on) yield* named(gateway);
    yield* repeated(on);
  },
  remediate(cluster) {
    const place = cluster.at("staticEgressGateway");
    const gateways = egressGateways(cluster);
    if (cluster.addon !== true || gateways instanceof Unknown) return false;
    // One that somebody switched off is another person's decision.
    if (!gateways.some(({ enabled }) => enabled === true) || !place.free) return false;
    place.write(true);
    return true;
  },
});

function* staticEgress(cluster: AksCluster): Iterable<Finding> {
  const place = cluster.at("staticEgressGateway");
  const enabled = place.flag();
  if (enabled instanceof Unknown) yield enabled;
  else if (enabled !== true) {
    yield `${place.path} is ${enabled === undefined ? "not set" : "false"}, and the mesh's egress gateways stand on Static Egress Gateway. Set it to true.`;
  }
}

function* pools(cluster: AksCluster, stack: Stack): Iterable<Finding> {
  const all = nodePoolsOf(cluster, stack);
  if (all instanceof Unknown) {
    yield all;
    return;
  }
  for (const pool of all) {
    const subnet = pool.at("podSubnet");
    if (subnet.read() !== undefined) {
      yield `${subnet.path} of ${pool.label} gives pods a subnet of their own, with which egress gateways do not work. Use Azure CNI Overlay.`;
    }
  }
  const modes = all.map(({ mode }) => mode);
  if (!stack.complete || modes.includes("Gateway")) return;
  yield (
    modes.find((mode) => mode instanceof Unknown) ??
    "the mesh has egress gateways, and no node pool has the mode Gateway, which carries their addresses. Add an AgentPool with mode Gateway and a gatewayProfile."
  );
}

function* named({ name, configuration, place }: EgressGateway): Iterable<Finding> {
  if (name instanceof Unknown) yield name;
  else {
    const problem = egressGatewayNameProblem(name ?? "");
    if (problem !== undefined) {
      yield `${place.path}.name ${JSON.stringify(name ?? "")} ${problem}. Rename it.`;
    }
  }
  if ((configuration ?? "") === "") {
    yield `${place.path}.gatewayConfigurationName is not set. Set it to the name of the StaticGatewayConfiguration in the gateway's namespace.`;
  }
}

/** Gateways that are called like an earlier one in their namespace. */
function* repeated(gateways: readonly EgressGateway[]): Iterable<Finding> {
  const first = new Map<string, EgressGateway>();
  for (const gateway of gateways) {
    const { name, namespace, place } = gateway;
    if (typeof name !== "string" || namespace instanceof Unknown) continue;
    const key = `${namespace}/${name}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, gateway);
    else {
      yield `${other.place.path} and ${place.path} are both called ${name} in ${namespace}, and a namespace has one egress gateway of a name. Rename one of them.`;
    }
  }
}
