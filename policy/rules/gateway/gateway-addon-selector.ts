import { GATEWAY_PORTS } from "../../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { closest } from "../../../text/suggest.ts";
import {
  INGRESS_GATEWAYS,
  addonGateways,
  foreignLabels,
  namingLabel,
  selectedIngress,
} from "../../model/istio/addonGateways.ts";
import { AksCluster } from "../../model/azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { istioGateways } from "../../model/istio/istioConfig.ts";
import { gateways, isPatch, podTemplates } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { holds } from "../../model/kubernetes/labelMaps.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { inDoubt, unseenSources, unseenSourcesClusterWide } from "../../model/opaque.ts";
import type { Opaque } from "../../model/opaque.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/** What Istio's own installation calls its gateways. The add-on has none of them. */
const ISTIO_DEFAULTS = [
  "ingressgateway",
  "egressgateway",
  "istio-ingressgateway",
  "istio-egressgateway",
];

/** Ports that a request to 80 or 443 may reach in the pods. */
const TARGET_PORTS = ["8080", "8443"];

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
      "Values of the label istio, or app, of gateways that run on the cluster and that neither its serviceMeshProfile nor the stack shows.",
  },
};

export const gatewayAddonSelector = defineRule<KubernetesObject, Config>({
  name: "gateway-addon-selector",
  displayName: "Gateways select an existing gateway of the add-on",
  description:
    "Istio Gateways on a cluster with the add-on select a gateway that exists there, and listen on ports that it has. The selectors in Istio's own guides match nothing, so nothing listens, and no error appears.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set spec.selector to istio: aks-istio-ingressgateway-external or istio: aks-istio-ingressgateway-internal, with that gateway enabled in the cluster's serviceMeshProfile, or to istio: <name> of one of its egress gateways, without labels that its pods do not carry. Serve on the ports 80 and 443 of an ingress gateway. A Gateway of the Kubernetes Gateway API takes gatewayClassName istio. Gateways that run there unseen are listed in otherGateways of this rule.",
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
    if (isSelected(gateway.at("spec", "selector"), gateway, stack)) return false;
    if (unseenPods(gateway, stack).length > 0) return false;
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
  const place = namingLabel(selector);
  const name = place.text();
  if (name instanceof Unknown) yield name;
  else {
    const selection = { place, selector, gateway, otherGateways, stack };
    const wrong = [...named(name, selection)];
    yield* wrong.length > 0 ? wrong : foreign(name, selection);
  }
  yield* ports(gateway);
}

/** Labels that keep a selector from the pods of the ingress gateway that it names. */
function* foreign(name: string | undefined, selection: Selection): Iterable<Finding> {
  const { selector, gateway, stack } = selection;
  if (name === undefined || !INGRESS_GATEWAYS.includes(name) || !stack.complete) return;
  for (const label of foreignLabels(selector, name)) {
    if (isSelected(selector, gateway, stack)) return;
    const value = label.text();
    yield value instanceof Unknown
      ? value
      : `${label.path} is ${quoted(value)}, a label that the pods of ${name} do not carry, and a selector takes pods that carry all of its labels, so that nothing listens. Remove it.`;
  }
}

/** Ports of servers that requests to an ingress gateway of the add-on never reach. */
function* ports(gateway: KubernetesObject): Iterable<Finding> {
  const selected = selectedIngress(gateway.at("spec", "selector"));
  const servers = gateway.at("spec", "servers").items();
  if (selected === undefined || servers === undefined || servers instanceof Unknown) return;
  const offered = Object.values(GATEWAY_PORTS).map(String);
  for (const server of servers) {
    const place = server.at("port", "number");
    const port = place.text();
    if (port instanceof Unknown) yield port;
    else if (port !== undefined && ![...offered, ...TARGET_PORTS].includes(port)) {
      yield `${place.path} is ${port}, a port that the Service ${selected} does not have and that AKS does not add, so that no request reaches it. Set it to ${GATEWAY_PORTS.http} or ${GATEWAY_PORTS.https}.`;
    }
  }
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
  } else if (stack.complete && !isSelected(selector, gateway, stack)) {
    const said =
      name === undefined
        ? `${selector.path} has no label istio or app, by which the gateways of ${namesOf(clusters)} are known`
        : `${place.path} is ${quoted(name)}, which no gateway of ${namesOf(clusters)} is called`;
    const ofIstio = ISTIO_DEFAULTS.includes(name ?? "");
    // What Istio's guides call theirs is hardly ever a gateway of one's own.
    const unseen = ofIstio ? [] : unseenPods(gateway, stack);
    if (unseen.length > 0) {
      yield inDoubt(
        unseen,
        `a gateway whose pods ${selector.path} selects`,
        `If something else runs it, list ${name === undefined ? "the value of its label istio or app" : quoted(name)} in otherGateways of gateway-addon-selector. ${fix(clusters)}`,
      );
      return;
    }
    const message = `${said}, so that nothing listens. ${fix(clusters)} If the stack does not show the gateway that is meant, list it in otherGateways of this rule.`;
    // Nobody knows the egress gateways of a cluster that another stack declares.
    const certain = !lists.includes(undefined) || ofIstio;
    yield certain ? message : new NotJudged(message);
  }
}

/** Whether the stack itself makes pods that the selector selects, or a gateway of the Gateway API does. */
function isSelected(selector: Cursor, gateway: KubernetesObject, stack: Stack): boolean {
  const ofGatewayApi = ["gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"];
  if (ofGatewayApi.some((label) => selector.at(label).text() !== undefined)) return true;
  return stack
    .all(podTemplates)
    .some(
      (pods) =>
        holds(pods.at("metadata", "labels"), selector) && onOneCluster(pods, gateway, stack),
    );
}

/** What may run pods of a gateway unseen: beside the Gateway, with the add-on's, or anywhere by the team's own files. */
function unseenPods(gateway: KubernetesObject, stack: Stack): readonly Opaque[] {
  const beside = namespaceOf(gateway, stack).name;
  const near = unseenSources(gateway, [beside, INGRESS_NAMESPACE], stack);
  return near.length > 0 ? near : unseenSourcesClusterWide(gateway, stack);
}

function* ofClass({ at }: KubernetesObject): Iterable<Finding> {
  const place = at("spec", "gatewayClassName");
  const name = place.text();
  if (typeof name !== "string" || name === CLASS) return;
  if (name === FOREIGN_CLASS) {
    yield `${place.path} is ${FOREIGN_CLASS}, the class of the application routing add-on, which AKS does not run beside the mesh. Set it to ${CLASS}.`;
  } else if (closest(name, [CLASS]) !== undefined) {
    yield `${place.path} is ${quoted(name)}. Did you mean ${CLASS}?`;
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
