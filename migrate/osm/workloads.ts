import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { subjectOf } from "../report.ts";

/** What creates pods that are alike. */
export interface Workload {
  readonly manifest: Manifest;
  /** `Deployment shop/web`. */
  readonly subject: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of its pods. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The labels by which it knows its pods; empty if it has no such selector. */
  readonly selector: Labels;
  /** Where the object has the metadata of its pods. */
  readonly template: readonly string[];
  readonly hostNetwork: boolean;
  /** The numbers of named ports. */
  readonly portNames: ReadonlyMap<string, number>;
}

export type Labels = Readonly<Record<string, string>>;

/** Where the kinds that create pods have their template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  ...Object.fromEntries(
    ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"].map(
      (kind) => [kind, ["spec", "template"]],
    ),
  ),
};

/** The groups of these kinds, so that a kind with the same name of another group is not one. */
const GROUPS = /^(v1|apps\/v1|batch\/v1(beta1)?)$/;

/** Kinds that another object creates, in the state of a cluster. That object counts. */
const CREATED = ["Pod", "ReplicaSet", "Job"];

/** The workload that an object is; undefined if it is none. */
export function workloadOf(manifest: Manifest): Workload | undefined {
  const { kind, apiVersion, object, namespace = "default" } = manifest;
  const template = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
  if (template === undefined || !GROUPS.test(apiVersion)) return undefined;
  const owners = listAt(object, "metadata", "ownerReferences");
  if (CREATED.includes(kind) && owners.length > 0) return undefined;
  const pod = valueAt(object, ...template);
  const selector = valueAt(object, "spec", "selector");
  return {
    manifest,
    subject: subjectOf(manifest),
    namespace,
    serviceAccount:
      textAt(pod, "spec", "serviceAccountName") ??
      textAt(pod, "spec", "serviceAccount") ??
      "default",
    labels: textsOf(valueAt(pod, "metadata", "labels")),
    annotations: textsOf(valueAt(pod, "metadata", "annotations")),
    selector: textsOf(
      kind === "ReplicationController" ? selector : valueAt(selector, "matchLabels"),
    ),
    template,
    hostNetwork: valueAt(pod, "spec", "hostNetwork") === true,
    portNames: portNamesOf(pod),
  };
}

function portNamesOf(pod: unknown): ReadonlyMap<string, number> {
  const containers = [
    ...listAt(pod, "spec", "containers"),
    ...listAt(pod, "spec", "initContainers"),
  ];
  return new Map(
    containers.flatMap((container) =>
      listAt(container, "ports").flatMap((port) => {
        const [name, number] = [textAt(port, "name"), numberAt(port, "containerPort")];
        return name === undefined || number === undefined ? [] : [[name, number] as const];
      }),
    ),
  );
}

/** The texts of a map. */
export function textsOf(value: unknown): Labels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
