import { textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";

/** What a pod is created from. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  readonly serviceAccount: string;
}

/** Where a kind keeps the template of its pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Kinds that are pods or create them. */
export const WORKLOAD_KINDS: readonly string[] = Object.keys(TEMPLATES);

/**
 * The template of a pod, or of the pods that an object creates.
 *
 * @throws Error for an object of another kind
 */
export function templateOf(object: ClusterObject): PodTemplate {
  const path = TEMPLATES[object.kind];
  if (path === undefined) throw new Error(`${object.kind} creates no pods.`);
  const texts = (field: string) =>
    (valueAt(object, ...path, "metadata", field) ?? {}) as PodTemplate["labels"];
  return {
    labels: texts("labels"),
    annotations: texts("annotations"),
    hostNetwork: valueAt(object, ...path, "spec", "hostNetwork") === true,
    serviceAccount: textAt(object, ...path, "spec", "serviceAccountName") ?? "default",
  };
}

/** The specification of a pod, or of the pods that an object creates. */
export function podSpecOf(object: ClusterObject): Readonly<Record<string, unknown>> {
  const spec = valueAt(object, ...(TEMPLATES[object.kind] ?? []), "spec");
  return (spec ?? {}) as Readonly<Record<string, unknown>>;
}
