import { selects } from "../../../mesh/labelSelector.ts";
import { labelOf, listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { namespaceLabels } from "../../cluster/namespaceLabels.ts";
import { hostMatches } from "./hosts.ts";
import { namespaceOf, placeOf, selectsWorkload, textsAt } from "./objects.ts";
import type { Party, Protocol } from "./request.ts";
import { GATEWAY_NAME_LABEL } from "./selectedPolicies.ts";
import type { World } from "./world.ts";

/** A server of an Istio Gateway, or a listener of a Gateway of the Gateway API. */
export interface GatewayServer {
  readonly gateway: ClusterObject;
  readonly place: string;
  readonly port: number;
  /** Whether clients connect with TLS, and whether it ends here. */
  readonly tls: "none" | "terminated" | "passthrough";
  /** Of what arrives behind TLS, if TLS ends here. */
  readonly inner: Protocol;
  /** Of the field `tls`: `SIMPLE`, `MUTUAL`, `ISTIO_MUTUAL`. */
  readonly mode: string | undefined;
  readonly redirectsToHttps: boolean;
  readonly hosts: readonly string[];
  /** The Secrets with its certificates. */
  readonly secrets: readonly { readonly name: string; readonly namespace: string }[];
  /** The name of a listener. */
  readonly section: string | undefined;
  /** Whether routes of a namespace may attach. */
  readonly allows: (namespace: string) => boolean;
}

/** The servers that the pods of a gateway have. */
export function serversOf(gateway: Party, world: World): readonly GatewayServer[] {
  const name = gateway.labels[GATEWAY_NAME_LABEL];
  const standard =
    name === undefined
      ? []
      : world
          .all("gateway.networking.k8s.io/Gateway")
          .filter((one) => one.metadata.name === name && namespaceOf(one) === gateway.namespace)
          .flatMap((one) =>
            listAt(one, "spec", "listeners").map((listener, i) =>
              listenerOf(one, listener, i, world),
            ),
          );
  const istio = world
    .all("networking.istio.io/Gateway")
    .filter((one) => selectsWorkload(one, gateway.labels, "spec", "selector"))
    .flatMap((one) =>
      listAt(one, "spec", "servers").map((server, i) => serverOf(one, server, i, gateway)),
    );
  return [...istio, ...standard];
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server */
function serverOf(
  object: ClusterObject,
  server: unknown,
  index: number,
  { namespace = "" }: Party,
): GatewayServer {
  const mode = textAt(server, "tls", "mode");
  const isTls = ["HTTPS", "TLS"].includes(textAt(server, "port", "protocol") ?? "");
  const names = [
    ...[textAt(server, "tls", "credentialName")].filter((name) => name !== undefined),
    ...textsAt(server, "tls", "credentialNames"),
  ];
  const tls = !isTls ? "none" : (mode ?? "").includes("PASSTHROUGH") ? "passthrough" : "terminated";
  const written = textsAt(server, "hosts").map((host) => {
    const slash = host.indexOf("/");
    const from = slash < 0 ? "*" : host.slice(0, slash);
    return { host: host.slice(slash + 1), from: from === "." ? namespaceOf(object) : from };
  });
  return {
    gateway: object,
    place: placeOf(object, `spec.servers[${index}]`),
    port: numberAt(server, "port", "number") ?? 0,
    tls,
    inner: innerOf(textAt(server, "port", "protocol"), tls),
    mode,
    redirectsToHttps: valueAt(server, "tls", "httpsRedirect") === true,
    hosts: written.map(({ host }) => host),
    // The Secret is in the namespace of the gateway's pods.
    secrets: names.filter((name) => !name.includes("://")).map((name) => ({ name, namespace })),
    section: undefined,
    allows: (where) => written.some(({ from }) => from === "*" || from === where),
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listener */
function listenerOf(
  object: ClusterObject,
  listener: unknown,
  index: number,
  world: World,
): GatewayServer {
  const isTls = ["HTTPS", "TLS"].includes(textAt(listener, "protocol") ?? "");
  const isPassed = textAt(listener, "tls", "mode") === "Passthrough";
  const tls = !isTls ? "none" : isPassed ? "passthrough" : "terminated";
  const from = textAt(listener, "allowedRoutes", "namespaces", "from") ?? "Same";
  const selector = valueAt(listener, "allowedRoutes", "namespaces", "selector") ?? {};
  const selectsNamespace = (name: string) =>
    world
      .all("Namespace")
      .some((one) => one.metadata.name === name && selects(selector, namespaceLabels(one)));
  return {
    gateway: object,
    place: placeOf(object, `spec.listeners[${index}]`),
    port: numberAt(listener, "port") ?? 0,
    tls,
    inner: innerOf(textAt(listener, "protocol"), tls),
    mode: undefined,
    redirectsToHttps: false,
    hosts: [textAt(listener, "hostname") ?? "*"],
    secrets: listAt(listener, "tls", "certificateRefs").map((one) => ({
      name: textAt(one, "name") ?? "",
      namespace: textAt(one, "namespace") ?? namespaceOf(object),
    })),
    section: textAt(listener, "name"),
    allows: (where) => {
      if (from === "All") return true;
      return from === "Selector" ? selectsNamespace(where) : where === namespaceOf(object);
    },
  };
}

/** Behind TLS that ends here, HTTPS is HTTP, and TLS is any protocol. */
function innerOf(protocol: string | undefined, tls: GatewayServer["tls"]): Protocol {
  if (tls === "passthrough") return "TLS";
  return ["TCP", "TLS", "MONGO", "MYSQL", "REDIS", "UDP"].includes(protocol ?? "") ? "TCP" : "HTTP";
}

/** Whether a server serves a host. */
export function serves({ hosts }: GatewayServer, host: string): boolean {
  return hosts.some((one) => hostMatches(one, host));
}

/** `Gateway shop/web`. */
export function gatewayLabel({ gateway }: GatewayServer): string {
  return labelOf(gateway);
}
