import { INJECTION_LABELS } from "./labelTimes.ts";
import { labelledAt } from "./labelTimes.ts";
import { proxyOf } from "../../cluster/proxies.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { labelOf } from "../../cluster/clusterObject.ts";
import type { Step } from "../explanation.ts";

/** What a pod has: the revision of its proxy, `none`, or `unknown` for a proxy that does not say its revision. */
export function proxyRevision(pod: ClusterObject): string {
  const proxy = proxyOf(pod);
  if (proxy === undefined) return "none";
  return proxy.revision ?? "unknown";
}

/**
 * What was found in a pod.
 *
 * @param expected the revision that a new pod would get; undefined if none
 */
export function foundIn(
  pod: ClusterObject,
  expected: string | undefined,
  namespace: ClusterObject | undefined,
): Step {
  const base = { name: "pod", decidedBy: `${labelOf(pod)} spec` };
  const proxy = proxyOf(pod);
  if (proxy === undefined) {
    const age = expected === undefined ? "" : ageOf(pod, namespace);
    return { ...base, answer: "no", message: `It has no proxy.${age}` };
  }
  const form = {
    sidecar: "a container",
    "native-sidecar": "a native sidecar",
    gateway: "a gateway's container",
  }[proxy.kind];
  if (proxy.revision === undefined) {
    const message = `It has a proxy, as ${form}, that does not say its revision.`;
    return { ...base, answer: "unknown", message };
  }
  const isOther = expected !== undefined && proxy.revision !== expected;
  const message = `It has a proxy of ${proxy.revision}, as ${form}${isOther ? `; a new pod gets one of ${expected}` : ""}.`;
  return { ...base, answer: isOther ? "no" : "yes", message };
}

/** When the pod was created, if that explains that it has no proxy. */
function ageOf(
  { metadata: { creationTimestamp } }: ClusterObject,
  namespace: ClusterObject | undefined,
): string {
  if (creationTimestamp === undefined) return "";
  const since = namespace === undefined ? undefined : labelledAt(namespace);
  if (since === undefined) {
    return ` It was created at ${creationTimestamp}, and a pod gets its proxy only at creation.`;
  }
  return creationTimestamp < since
    ? ` It was created at ${creationTimestamp}, before the labels ${INJECTION_LABELS.join(" and ")} of its namespace last changed, at ${since} or earlier.`
    : ` It was created at ${creationTimestamp}, after the labels of its namespace last changed, so a webhook was missing or did not answer then.`;
}
