import { closest } from "../../../mesh/suggest.ts";
import { INGRESS_GATEWAYS, addonGateways } from "../../lib/addonGateways.ts";
import { AksCluster } from "../../lib/cluster.ts";
import type { Cluster } from "../../lib/cluster.ts";
import { Unknown } from "../../lib/cursor.ts";
import type { Cursor } from "../../lib/cursor.ts";
import { istioGateways } from "../../lib/istioConfig.ts";
import { gateways, isPatch, podTemplates } from "../../lib/kubernetes.ts";
import type { KubernetesObject } from "../../lib/kubernetes.ts";
import { holds } from "../../lib/labelMaps.ts";
import { onAddonClusters } from "../../lib/onAddonClusters.ts";
import { anyOf } from "../../lib/resource.ts";
import { Advice, defineRule } from "../../lib/rule.ts";
import type { ConfigSchema, Finding } from "../../lib/rule.ts";
import type { Stack } from "../../lib/stack.ts";

/** What Istio's own installation calls its gateways. The add-on has none of them. */
const ISTIO_DEFAULTS = ["ingressgateway", "egressgateway"];

/** The class of the application routing add-on's own Istio, which the mesh add-on excludes. */
const FOREIGN_CLASS = "approuting-istio";
const CLASS = "istio";

interface Config {
  readonly otherGateways: readonly string[];
}

const config: ConfigSchema<Config> = {
  otherGateways: {
    type: "array",
    items: { type: "string", minLength: 1, maxLength: 63 },
    maxItems: 50,
    uniqueItems: true,
    default: [],
    description:
      "Values of the label istio of gateways that run on the cluster and that neither its serviceMeshProfile nor the stack shows.",
  },
};

export const gatewayAddonSelector = defineRule<KubernetesObject, Config>({
  name: "gateway-addon-selector",
  displayName: "Gateways select a gateway that runs",
  description:
    "Istio's Gateways on a cluster with the add-on select a gateway that the cluster has: what Istio's own guides select does not exist there, so that nothing listens and nothing says so.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set spec.selector to istio: aks-istio-ingressgateway-external or istio: aks-istio-ingressgateway-internal, with that gateway enabled in the cluster's serviceMeshProfile, or to istio: <name> of one of its egress gateways. A Gateway of the Kubernetes Gateway API takes gatewayClassName istio. Gateways that run there unseen are listed in otherGateways of this rule.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-ingress",
  tags: ["gateway"],
  about: anyOf(istioGateways, gateways),
  unknown: "violation",
  wholeStack: true,
  config,
  *check(gateway, { config: { otherGateways }, stack }) {
    yield* onAddonClusters(gateway, stack, () =>
      istioGateways.matches(gateway.resource.type)
        ? selecting(gateway, otherGateways, stack)
        : ofClass(gateway),
    );
  },
  // The name that Istio's guides use can only mean the one gateway that there is.
  remediate(gateway, { stack }) {
    const place = gateway.at("spec", "selector", "istio");
    const [cluster, ...others] = stack.clustersOf(gateway.resource);
    if (cluster?.addon !== true || others.length > 0 || !(cluster instanceof AksCluster)) {
      return false;
    }
    const { ingress } = addonGateways(cluster);
    if (ingress === undefined || ingress instanceof Unknown || ingress.length !== 1) return false;
    if (!istioGateways.matches(gateway.resource.type) || place.text() !== ISTIO_DEFAULTS[0]) {
      return false;
    }
    if (isSelected(gateway.at("spec", "selector"), stack)) return false;
    place.write(ingress[0]);
    return true;
  },
});

function* selecting(
  gateway: KubernetesObject,
  otherGateways: readonly string[],
  stack: Stack,
): Iterable<Finding> {
  const selector = gateway.at("spec", "selector");
  const labels = selector.keys();
  if (labels instanceof Unknown) {
    yield labels;
    return;
  }
  if (labels === undefined || labels.length === 0) {
    if (isPatch(gateway)) return;
    yield `${selector.path} is not set, so that every gateway of the mesh opens its ports, the external one too. ${fix(stack.clustersOf(gateway.resource))}`;
    return;
  }
  const place = selector.at("istio");
  const name = place.text();
  if (name instanceof Unknown) yield name;
  else yield* named(name, { place, selector, gateway, otherGateways, stack });
}

interface Selection {
  readonly place: Cursor;
  readonly selector: Cursor;
  readonly gateway: KubernetesObject;
  readonly otherGateways: readonly string[];
  readonly stack: Stack;
}

function* named(name: string | undefined, selection: Selection): Iterable<Finding> {
  const { place, selector, gateway, otherGateways, stack } = selection;
  if (otherGateways.includes(name ?? "")) return;
  const clusters = stack.clustersOf(gateway.resource);
  const offers = clusters.map(addonGateways);
  const known = offers.flatMap(({ ingress, egress }) => [...listed(ingress), ...listed(egress)]);
  if (known.includes(name ?? "")) return;

  const ofIngress = INGRESS_GATEWAYS.includes(name ?? "");
  const lists = offers.map(({ ingress, egress }) => (ofIngress ? ingress : egress));
  const unknown = lists.find((list) => list instanceof Unknown);
  if (unknown !== undefined) yield unknown;
  else if (ofIngress) {
    // One that the program leaves out may be on already, which comes with the whole stack.
    const silent = lists.some((list) => listed(list).length === 0);
    const open = lists.includes(undefined) || (!stack.complete && silent);
    if (!open) {
      yield `${place.path} is ${quoted(name)}, which ${namesOf(clusters)} does not have switched on, so that nothing listens. Enable it in the cluster's serviceMeshProfile, or select one that is on.`;
    }
  } else if (stack.complete && !isSelected(selector, stack)) {
    const said =
      name === undefined
        ? `${selector.path} has no label istio, by which the gateways of ${namesOf(clusters)} are known`
        : `${place.path} is ${quoted(name)}, which no gateway of ${namesOf(clusters)} is called`;
    const message = `${said}, so that nothing listens. ${fix(clusters)}`;
    // Nobody knows the egress gateways of a cluster that another stack declares.
    const certain = !lists.includes(undefined) || ISTIO_DEFAULTS.includes(name ?? "");
    yield certain ? message : new Advice(message);
  }
}

/** Whether the stack itself makes pods that the selector selects, or a gateway of the Gateway API does. */
function isSelected(selector: Cursor, stack: Stack): boolean {
  const ofGatewayApi = ["gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"];
  if (ofGatewayApi.some((label) => selector.at(label).text() !== undefined)) return true;
  return stack.all(podTemplates).some(({ at }) => holds(at("metadata", "labels"), selector));
}

function* ofClass({ at }: KubernetesObject): Iterable<Finding> {
  const place = at("spec", "gatewayClassName");
  const name = place.text();
  if (typeof name !== "string" || name === CLASS) return;
  if (name === FOREIGN_CLASS) {
    yield new Advice(
      `${place.path} is ${FOREIGN_CLASS}, the class of the application routing add-on, which AKS does not run beside the mesh. Set it to ${CLASS}.`,
    );
  } else if (closest(name, [CLASS]) !== undefined) {
    yield new Advice(`${place.path} is ${quoted(name)}. Did you mean ${CLASS}?`);
  }
}

function fix(clusters: readonly Cluster[]): string {
  const on = new Set(clusters.flatMap((cluster) => listed(addonGateways(cluster).ingress)));
  const choices = (names: Iterable<string>) =>
    [...names].map((name) => `istio: ${name}`).join(" or ");
  return on.size > 0
    ? `Select ${choices(on)}.`
    : `Enable an ingress gateway in the cluster's serviceMeshProfile, and select ${choices(INGRESS_GATEWAYS)}.`;
}

function listed(names: ReturnType<typeof addonGateways>["ingress"]): readonly string[] {
  return names === undefined || names instanceof Unknown ? [] : names;
}

function namesOf(clusters: readonly Cluster[]): string {
  return clusters.map(({ label }) => label).join(" and ");
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? "");
}
