import { labelOf, textAt } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";

/** What creates a pod again when it is deleted: the object that users know and restart. */
export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A label of the pods of a Deployment. Their ReplicaSet is named after the Deployment and this value. */
const TEMPLATE_HASH = "pod-template-hash";

/** Kinds that `kubectl rollout restart` accepts. */
const RESTARTABLE: readonly string[] = ["Deployment", "StatefulSet", "DaemonSet"];

/**
 * The workload of a pod, for the pods of a Deployment the Deployment; undefined for a pod without a controller.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
 */
export function workloadOf(pod: ClusterObject): Workload | undefined {
  const { namespace = "", labels, ownerReferences = [] } = pod.metadata;
  const controller = ownerReferences.find((owner) => owner.controller === true);
  if (controller === undefined) return undefined;
  const { kind, name } = controller;
  const suffix = `-${labels?.[TEMPLATE_HASH] ?? ""}`;
  return kind === "ReplicaSet" && suffix !== "-" && name.endsWith(suffix)
    ? { kind: "Deployment", namespace, name: name.slice(0, -suffix.length) }
    : { kind, namespace, name };
}

/** The workload of a pod as users name it, or the pod itself if it has none: `Deployment orders/web`, `Pod orders/job`. */
export function workloadLabel(pod: ClusterObject): string {
  const workload = workloadOf(pod);
  if (workload === undefined) return labelOf({ ...pod, kind: "Pod" });
  return `${workload.kind} ${workload.namespace}/${workload.name}`;
}

/**
 * The command that replaces the pods of a workload one by one; undefined if kubectl has none for its kind.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/
 */
export function restartCommand({ kind, namespace, name }: Workload): string | undefined {
  return RESTARTABLE.includes(kind)
    ? `kubectl rollout restart ${kind.toLowerCase()}/${name} --namespace ${namespace}`
    : undefined;
}

/** Whether a pod still runs, or will: its containers have not all ended for good. */
export function isActive(pod: ClusterObject): boolean {
  return !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? "");
}
