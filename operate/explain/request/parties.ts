import { labelOf, textAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { proxyOf } from "../../cluster/proxies.ts";
import { workloadLabel } from "../../cluster/workload.ts";
import type { Answer } from "../explanation.ts";
import { templateOf } from "../pod/subject.ts";
import { namespaceOf } from "./objects.ts";
import type { Party } from "./request.ts";

/** Labels of a pod that do not tell it from its siblings to a policy. */
const OWN_LABELS: readonly string[] = ["pod-template-hash", "controller-revision-hash"];

/** A client outside the cluster, of which nothing is known. */
export const OUTSIDE: Party = {
  label: "a client outside the cluster",
  namespace: undefined,
  labels: {},
  annotations: {},
  serviceAccount: "",
  proxied: "no",
  revision: undefined,
  address: undefined,
  pods: [],
};

/** A workload with its pods, which are alike. */
export function partyOf(object: ClusterObject, pods: readonly ClusterObject[]): Party {
  const [like = object] = pods;
  const { labels, annotations, serviceAccount } = templateOf(like);
  const [only, ...others] = pods;
  return {
    label: object.kind === "Pod" ? workloadLabel(object) : labelOf(object),
    namespace: namespaceOf(object),
    labels,
    annotations,
    serviceAccount,
    proxied: proxied(pods),
    revision: pods.flatMap((pod) => proxyOf(pod)?.revision ?? []).at(0),
    address: others.length === 0 ? textAt(only, "status", "podIP") : undefined,
    pods,
  };
}

/** The pods in groups that policies and routes may tell apart. */
export function partiesOf(pods: readonly ClusterObject[]): readonly Party[] {
  const groups = new Map<string, ClusterObject[]>();
  for (const pod of pods) {
    const { labels, serviceAccount } = templateOf(pod);
    const telling = Object.entries(labels).filter(([name]) => !OWN_LABELS.includes(name));
    const key = JSON.stringify([telling.sort(), serviceAccount, proxyOf(pod) !== undefined]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [partyOf(first, group)];
  });
}

/** Whether all pods have a proxy, or none; unknown if there are none. */
function proxied(pods: readonly ClusterObject[]): Answer {
  const having = pods.filter((pod) => proxyOf(pod) !== undefined).length;
  if (pods.length === 0 || (having > 0 && having < pods.length)) return "unknown";
  return having > 0 ? "yes" : "no";
}

/** Whether the pods are a gateway. */
export function isGateway({ pods: [pod] }: Party): boolean {
  return pod !== undefined && proxyOf(pod)?.kind === "gateway";
}

/** The identity in the certificate of a proxy: the add-on's trust domain is `cluster.local`. */
export function principalOf({ namespace, serviceAccount }: Party): string {
  return `cluster.local/ns/${namespace ?? ""}/sa/${serviceAccount}`;
}

/**
 * Whether the annotations of a pod keep a port out of its proxy.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarTrafficExcludeInboundPorts
 */
export function bypasses(
  { annotations }: Party,
  direction: "Inbound" | "Outbound",
  port: number | undefined,
): Answer {
  const ports = (name: string) =>
    annotations[`traffic.sidecar.istio.io/${name}${direction}Ports`]
      ?.split(",")
      .map((one) => one.trim());
  if (annotations["sidecar.istio.io/interceptionMode"] === "NONE") return "yes";
  const [excluded, included] = [ports("exclude"), ports("include")];
  if (port !== undefined && excluded?.includes(String(port)) === true) return "yes";
  if (included !== undefined && !included.includes("*")) {
    if (direction === "Inbound" && (port === undefined || !included.includes(String(port)))) {
      return "yes";
    }
  }
  const ranges = ["include", "exclude"].map(
    (name) => annotations[`traffic.sidecar.istio.io/${name}OutboundIPRanges`] ?? "*",
  );
  if (direction === "Outbound" && ranges[0] === "") return "yes";
  return direction === "Outbound" && ranges.some((range) => range !== "*") ? "unknown" : "no";
}
