import { gatewayHost, hostsOverlap } from "../../../model/istio/hosts.ts";
import { istioGateways } from "../../../model/istio/istioConfig.ts";
import { gateways } from "../../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import { anyOf } from "../../../engine/resource.ts";
import type { Finding } from "../../../engine/finding.ts";
import type { Stack } from "../../../engine/stack.ts";
import { checkExists, referred } from "../../../model/istio/references.ts";
import type { Reference } from "../../../model/istio/references.ts";
import { itemsOf, textsOf } from "../../../model/knownParts.ts";

const anyGateways = anyOf(istioGateways, gateways);

/**
 * Reports gateways of a VirtualService that do not exist or that open none of its hosts.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0101/
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0132/
 */
export function* checkGatewayReferences(
  virtualService: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const own = namespaceOf(virtualService, stack).name;
  for (const place of itemsOf(virtualService.at("spec", "gateways"))) {
    const text = place.text();
    if (typeof text !== "string" || text === "mesh") continue;
    const { name, namespace = own } = nameIn(text);
    if (namespace === undefined) continue;
    const reference: Reference = {
      from: virtualService,
      what: "Gateway",
      kind: anyGateways,
      namespace,
      name,
      written: `${place.path} is ${text}`,
      bare: text === name,
      spelled: (where) => `${where}/${name}`,
      rule: "istio-config-conflicts",
    };
    yield* checkExists(reference, stack);
    yield* checkOpenHosts(reference, own, stack);
  }
}

/**
 * The name and namespace of a Gateway: `public` in the VirtualService's namespace, `shop/public`, or the older
 * `public.shop`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
function nameIn(text: string): { readonly name: string; readonly namespace?: string | undefined } {
  const [first = "", second] = text.split("/");
  if (second !== undefined) return { name: second, namespace: first === "." ? undefined : first };
  const [name = "", namespace] = text.split(".");
  return { name, namespace };
}

function* checkOpenHosts(
  reference: Reference,
  own: string | undefined,
  stack: Stack,
): Iterable<Finding> {
  const hosts = textsOf(reference.from.at("spec", "hosts"));
  const found = referred(reference, stack).filter(({ resource }) =>
    istioGateways.matches(resource.type),
  );
  const opened = found.map((gateway) => openedTo(gateway, own, stack));
  if (hosts.length === 0 || opened.length === 0 || opened.includes(undefined)) return;
  const all = opened.flatMap((one) => one ?? []);
  if (hosts.some((host) => all.some((one) => hostsOverlap(one, host)))) return;
  yield `${reference.written}, which opens none of the VirtualService's hosts (${hosts.join(", ")}) to ${own ?? "its namespace"}, so it routes nothing from this gateway. Add a host to the Gateway, or name a Gateway that has one.`;
}

/** The hosts that a Gateway opens to routes from a namespace; undefined if they are unknown. */
function openedTo(
  gateway: KubernetesObject,
  namespace: string | undefined,
  stack: Stack,
): readonly string[] | undefined {
  const servers = itemsOf(gateway.at("spec", "servers"));
  const there = namespaceOf(gateway, stack).name;
  const written = servers.flatMap((server) =>
    itemsOf(server.at("hosts")).map((host) => host.text()),
  );
  const texts = written.filter((text) => typeof text === "string");
  if (texts.length === 0 || texts.length < written.length) return undefined;
  const hosts = texts.map((text) => gatewayHost(text, there));
  if (hosts.some(({ from }) => from === undefined || (from !== "*" && namespace === undefined))) {
    return undefined;
  }
  return hosts.filter(({ from }) => from === "*" || from === namespace).map(({ host }) => host);
}
