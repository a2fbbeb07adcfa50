import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { hostsOverlap, wholeHost } from "./hosts.ts";
import { peerAuthentications } from "./istioConfig.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { meshNamespaces } from "./meshNamespaces.ts";
import { namespaceOf, onOneCluster } from "../kubernetes/objectNamespace.ts";
import type { Stack } from "../../engine/stack.ts";

/** Client modes other than the mesh's mutual TLS. */
const FOREIGN = ["DISABLE", "SIMPLE", "MUTUAL"];

/** Modes that a DestinationRule may set. */
export const CLIENT_MODES: readonly string[] = ["ISTIO_MUTUAL", ...FOREIGN];

/** Modes that a PeerAuthentication may set. */
export const PEER_MODES: readonly string[] = ["STRICT", "PERMISSIVE", "DISABLE", "UNSET"];

/** A setting that makes callers use something other than the mesh's mutual TLS for a host in the mesh. */
export interface ForeignTls {
  readonly place: Cursor;
  readonly mode: string | Unknown;
  readonly host: string;
  /** Whether the stack shows that the sidecars there reject it. */
  readonly refused: boolean;
}

export function* foreignTls(
  rule: KubernetesObject,
  namespace: string | undefined,
  stack: Stack,
): Iterable<ForeignTls> {
  const written = rule.at("spec", "host").text();
  const host = typeof written === "string" ? wholeHost(written, namespace) : undefined;
  const inside =
    host === undefined
      ? []
      : meshNamespaces(rule, stack).filter((one) =>
          hostsOverlap(host, `*.${one}.svc.cluster.local`),
        );
  for (const tls of tlsSettings(rule)) {
    const place = tls.at("mode");
    const mode = place.text();
    if (mode instanceof Unknown) yield { place, mode, host: host ?? "", refused: false };
    else if (host !== undefined && inside.length > 0 && FOREIGN.includes(mode ?? "")) {
      yield { place, mode: mode ?? "", host, refused: isStrict(inside, rule, stack) };
    }
  }
}

/** Whether a PeerAuthentication for the whole mesh, or for one of the namespaces, rejects plain text. */
function isStrict(inside: readonly string[], rule: KubernetesObject, stack: Stack): boolean {
  return stack
    .all(peerAuthentications)
    .filter((policy) => isForAll(policy) && onOneCluster(policy, rule, stack))
    .filter((policy) => policy.at("spec", "mtls", "mode").text() === "STRICT")
    .map((policy) => namespaceOf(policy, stack).name ?? "")
    .some((where) => where === CONTROL_PLANE_NAMESPACE || inside.includes(where));
}

export function tlsSettings({ at }: KubernetesObject): readonly Cursor[] {
  const policies = [
    at("spec", "trafficPolicy"),
    ...items(at("spec", "subsets")).map((subset) => subset.at("trafficPolicy")),
  ];
  return policies.flatMap((policy) => [
    policy.at("tls"),
    ...items(policy.at("portLevelSettings")).map((port) => port.at("tls")),
  ]);
}

function items(list: Cursor): readonly Cursor[] {
  const places = list.items();
  return places === undefined || places instanceof Unknown ? [] : places;
}

/** The places where a PeerAuthentication sets modes; unknown if its ports are not known yet. */
export function peerModes({ at }: KubernetesObject): readonly (Cursor | Unknown)[] {
  const ports = at("spec", "portLevelMtls");
  const numbers = ports.keys();
  const ofPorts =
    numbers instanceof Unknown ? [numbers] : (numbers ?? []).map((port) => ports.at(port, "mode"));
  return [at("spec", "mtls", "mode"), ...ofPorts];
}

/** Whether it applies to every workload of its namespace or, in the control plane's namespace, of the mesh. */
export function isForAll({ at }: KubernetesObject): boolean {
  const pairs = at("spec", "selector", "matchLabels").keys();
  return pairs === undefined || (!(pairs instanceof Unknown) && pairs.length === 0);
}
