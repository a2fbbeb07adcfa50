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

/** The names of the gateways in Istio's own installation. The add-on has none of them. */
const ISTIO_DEFAULTS = [
  "ingressgateway",
  "egressgateway",
  "istio-ingressgateway",
  "istio-egressgateway",
];

/** The pods' ports that may receive requests to port 80 or 443. */
const TARGET_PORTS = ["8080", "8443"];

/** The class of the application routing add-on's own Istio, which cannot run together with the mesh add-on. */
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
      "Values of the label istio or app of gateways that run on the cluster, but appear neither in its serviceMeshProfile nor in the stack.",
  },
};

export const gatewayAddonSelector = defineRule<KubernetesObject, Config>({
  name: "gateway-addon-selector",
  displayName: "Gateways select an existing gateway of the add-on",
  description:
    "Istio Gateways on a cluster with the add-on select a gateway that exists there, and use ports that it serves. The selectors in Istio's own guides match no pods, so nothing listens, and no error appears.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set spec.selector to istio: aks-istio-ingressgateway-external or istio: aks-istio-ingressgateway-internal, and enable that gateway in the cluster's serviceMeshProfile. For an egress gateway, set it to istio: <name of the gateway>. Remove labels that the gateway's pods do not have. On an ingress gateway, use the ports 80 and 443. A Gateway of the Kubernetes Gateway API requires gatewayClassName istio. If the stack does not show a gateway, add it to the otherGateways setting of this rule.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-ingress",
  tags: ["gateway"],
  about: anyOf(istioGateways, gateways),
  unknown: "violation",
  wholeStack: true,
  config,
  *check(gateway, { config: { otherGateways }, stack }) {
    yield* onAddonClusters(gateway, stack, () =>
      istioGateways.matches(gateway.resource.type)
        ? checkGateway(gateway, otherGateways, stack)
        : checkClass(gateway),
    );
  },
  // If the cluster has one ingress gateway, the name from Istio's guides can only mean that gateway.
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

function* checkGateway(
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
    yield `${selector.path} is not set, so every gateway of the mesh opens the ports of this Gateway, including the external one. ${selectorFix(stack.clustersOf(gateway.resource))}`;
    return;
  }
  const place = namingLabel(selector);
  const name = place.text();
  if (name instanceof Unknown) yield name;
  else {
    const selection = { place, selector, gateway, otherGateways, stack };
    const wrong = [...checkSelectedName(name, selection)];
    yield* wrong.length > 0 ? wrong : checkOtherLabels(name, selection);
  }
  yield* checkPorts(gateway);
}

/** Reports labels that keep a selector from matching the pods of the ingress gateway that it names. */
function* checkOtherLabels(name: string | undefined, selection: Selection): Iterable<Finding> {
  const { selector, gateway, stack } = selection;
  if (name === undefined || !INGRESS_GATEWAYS.includes(name) || !stack.complete) return;
  for (const label of foreignLabels(selector, name)) {
    if (isSelected(selector, gateway, stack)) return;
    const value = label.text();
    yield value instanceof Unknown
      ? value
      : `${label.path} is ${quoted(value)}, but the pods of ${name} do not have this label. A selector matches only pods with all of its labels, so nothing listens. Remove the label.`;
  }
}

/** Reports ports that requests to an ingress gateway of the add-on never reach. */
function* checkPorts(gateway: KubernetesObject): Iterable<Finding> {
  const selected = selectedIngress(gateway.at("spec", "selector"));
  const servers = gateway.at("spec", "servers").items();
  if (selected === undefined || servers === undefined || servers instanceof Unknown) return;
  const offered = Object.values(GATEWAY_PORTS).map(String);
  for (const server of servers) {
    const place = server.at("port", "number");
    const port = place.text();
    if (port instanceof Unknown) yield port;
    else if (port !== undefined && ![...offered, ...TARGET_PORTS].includes(port)) {
      yield `${place.path} is ${port}, but the Service ${selected} does not have this port and AKS does not add it, so no request reaches the server. Set it to ${GATEWAY_PORTS.http} or ${GATEWAY_PORTS.https}.`;
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

function* checkSelectedName(name: string | undefined, selection: Selection): Iterable<Finding> {
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
    // A gateway that the program leaves out may be enabled already, which only the whole stack shows.
    const silent = lists.some((list) => listed(list).length === 0);
    const open = lists.includes(undefined) || (!stack.complete && silent);
    if (!open) {
      yield `${place.path} is ${quoted(name)}, but this gateway is not enabled on ${namesOf(clusters)}, so nothing listens. Enable it in the cluster's serviceMeshProfile, or select an enabled gateway.`;
    }
  } else if (stack.complete && !isSelected(selector, gateway, stack)) {
    const said =
      name === undefined
        ? `${selector.path} has no label istio or app to select a gateway of ${namesOf(clusters)}`
        : `${place.path} is ${quoted(name)}, but no gateway of ${namesOf(clusters)} has this name`;
    const ofIstio = ISTIO_DEFAULTS.includes(name ?? "");
    // A gateway of the user's own hardly ever has a name from Istio's guides.
    const unseen = ofIstio ? [] : unseenPods(gateway, stack);
    if (unseen.length > 0) {
      yield inDoubt(
        unseen,
        `a gateway whose pods ${selector.path} selects`,
        `If something else runs it, add ${name === undefined ? "the value of its label istio or app" : quoted(name)} to otherGateways of gateway-addon-selector. ${selectorFix(clusters)}`,
      );
      return;
    }
    const message = `${said}, so nothing listens. ${selectorFix(clusters)} If the gateway runs on the cluster and the stack does not show it, add it to otherGateways of this rule.`;
    // The egress gateways of a cluster that another stack declares are unknown.
    const certain = !lists.includes(undefined) || ofIstio;
    yield certain ? message : new NotJudged(message);
  }
}

/** Whether the selector matches pods that the stack itself creates, or pods of a Gateway API gateway. */
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

/** What may create a gateway's pods unseen: in the Gateway's or the add-on's namespace, or else anywhere on the cluster. */
function unseenPods(gateway: KubernetesObject, stack: Stack): readonly Opaque[] {
  const beside = namespaceOf(gateway, stack).name;
  const near = unseenSources(gateway, [beside, INGRESS_NAMESPACE], stack);
  return near.length > 0 ? near : unseenSourcesClusterWide(gateway, stack);
}

function* checkClass({ at }: KubernetesObject): Iterable<Finding> {
  const place = at("spec", "gatewayClassName");
  const name = place.text();
  if (typeof name !== "string" || name === CLASS) return;
  if (name === FOREIGN_CLASS) {
    yield `${place.path} is ${FOREIGN_CLASS}, the class of the application routing add-on, which cannot run together with the Istio add-on. Set it to ${CLASS}.`;
  } else if (closest(name, [CLASS]) !== undefined) {
    yield `${place.path} is ${quoted(name)}. Did you mean ${CLASS}?`;
  }
}

function selectorFix(clusters: readonly Cluster[]): string {
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
