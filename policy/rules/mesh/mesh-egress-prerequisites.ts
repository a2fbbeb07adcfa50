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
    "A cluster with egress gateways has Static Egress Gateway enabled, a node pool in mode Gateway and no pod subnets. Each egress gateway has a valid, unique name and names its StaticGatewayConfiguration.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Enable networkProfile.staticEgressGatewayProfile, add an AgentPool in mode Gateway with a gatewayProfile, and deploy a StaticGatewayConfiguration in the gateway's namespace. Once that object has an egressIpPrefix, enable the gateway and set its gatewayConfigurationName.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-egress#limitations-and-requirements",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  // Node pools are registered after their cluster.
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
    yield* checkStaticEgress(cluster);
    yield* checkNodePools(cluster, stack);
    if (on.length > MAX_EGRESS_GATEWAYS) {
      yield `${cluster.at("egressGateways").path} has ${on.length} enabled egress gateways, but AKS runs at most ${MAX_EGRESS_GATEWAYS}. Share gateways between namespaces.`;
    }
    for (const gateway of on) yield* checkGateway(gateway);
    yield* checkNamesUnique(on);
  },
  remediate(cluster) {
    const place = cluster.at("staticEgressGateway");
    const gateways = egressGateways(cluster);
    if (cluster.addon !== true || gateways instanceof Unknown) return false;
    // An explicit false is deliberate.
    if (!gateways.some(({ enabled }) => enabled === true) || !place.free) return false;
    place.write(true);
    return true;
  },
});

function* checkStaticEgress(cluster: AksCluster): Iterable<Finding> {
  const place = cluster.at("staticEgressGateway");
  const enabled = place.flag();
  if (enabled instanceof Unknown) yield enabled;
  else if (enabled !== true) {
    yield `${place.path} is ${enabled === undefined ? "not set" : "false"}, but the mesh's egress gateways require Static Egress Gateway. Set it to true.`;
  }
}

function* checkNodePools(cluster: AksCluster, stack: Stack): Iterable<Finding> {
  const all = nodePoolsOf(cluster, stack);
  if (all instanceof Unknown) {
    yield all;
    return;
  }
  for (const pool of all) {
    const subnet = pool.at("podSubnet");
    if (subnet.read() !== undefined) {
      yield `${subnet.path} of ${pool.label} gives pods a separate subnet, which egress gateways do not support. Remove it, and use Azure CNI Overlay.`;
    }
  }
  const modes = all.map(({ mode }) => mode);
  if (!stack.complete || modes.includes("Gateway")) return;
  yield (
    modes.find((mode) => mode instanceof Unknown) ??
    "the mesh has egress gateways, but no node pool has the mode Gateway to hold their addresses. Add an AgentPool with mode Gateway and a gatewayProfile."
  );
}

function* checkGateway({ name, configuration, place }: EgressGateway): Iterable<Finding> {
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

/** Gateways that have the same name as an earlier one in their namespace. */
function* checkNamesUnique(gateways: readonly EgressGateway[]): Iterable<Finding> {
  const first = new Map<string, EgressGateway>();
  for (const gateway of gateways) {
    const { name, namespace, place } = gateway;
    if (typeof name !== "string" || namespace instanceof Unknown) continue;
    const key = `${namespace}/${name}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, gateway);
    else {
      yield `${other.place.path} and ${place.path} are both named ${name} in the namespace ${namespace}, but each egress gateway of a namespace needs a unique name. Rename one of them.`;
    }
  }
}
