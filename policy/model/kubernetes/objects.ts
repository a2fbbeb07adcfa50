import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { anyOf, labelOf } from "../../engine/resource.ts";
import type { Resource, TargetKind, Target } from "../../engine/resource.ts";

/** A Kubernetes object, or the template of one: anything with `metadata`. */
export interface KubernetesObject extends Target {
  readonly at: Cursor["at"];
  /** The object's name in the cluster; absent if Kubernetes or Pulumi chooses it. */
  readonly name: string | undefined;
}

/**
 * Objects of some Kubernetes kinds, declared by a resource of the kind, by a patch or in a list.
 *
 * @param apiVersion with a group, as in Pulumi's type tokens: `core/v1`; `*` matches any version. A
 * CustomResource has the apiVersion of its object, which for the core group is `v1`.
 */
export function kubernetesObjects(
  apiVersion: string,
  ...kinds: string[]
): TargetKind<KubernetesObject> {
  const versions = apiVersion
    .replace(/[.]/g, "\\.")
    .replace(/\*$/, "[a-z0-9]+")
    .replace(/^core\//, "(?:core/)?");
  const token = new RegExp(`^kubernetes:${versions}:(?:${kinds.join("|")})(Patch|List)?$`);
  return {
    type: `kubernetes:${apiVersion}:${kinds.join("|")}`,
    matches: (type) => token.test(type),
    in: (resource) => {
      if (!token.exec(resource.type)?.[1]?.startsWith("List")) {
        return [objectAt(resource, resource.inputs, resource.type)];
      }
      const items = resource.inputs.at("items").items();
      const kind = resource.type.slice(0, -"List".length);
      if (items instanceof Unknown) return [objectAt(resource, resource.inputs.at("items"), kind)];
      return (items ?? []).map((item) => objectAt(resource, item, kind));
    },
  };
}

/** Whether it is a patch, which does not show the other fields of its object. */
export function isPatch({ resource }: Target): boolean {
  return resource.type.endsWith("Patch");
}

export const namespaces = kubernetesObjects("core/v1", "Namespace");

/** Gateways of the Kubernetes Gateway API, not Istio's own. */
export const gateways = kubernetesObjects("gateway.networking.k8s.io/*", "Gateway");

/** A pod, or an object that creates pods. */
export interface Workload extends KubernetesObject {
  /** A place in its pod template: below `metadata` or `spec`. */
  readonly template: Cursor["at"];
}

export const workloads: TargetKind<Workload> = anyOf(
  withTemplateAt(
    anyOf(
      kubernetesObjects("apps/v1", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
      kubernetesObjects("batch/v1", "Job"),
    ),
    "spec",
    "template",
  ),
  withTemplateAt(
    kubernetesObjects("batch/v1", "CronJob"),
    "spec",
    "jobTemplate",
    "spec",
    "template",
  ),
  withTemplateAt(kubernetesObjects("core/v1", "Pod")),
);

/** Workloads with several replicas that serve in parallel. */
export const replicatedWorkloads = withTemplateAt(
  kubernetesObjects("apps/v1", "Deployment", "StatefulSet"),
  "spec",
  "template",
);

/** Workloads that roll out a changed template, and do not run a job again. */
export const rollingWorkloads = kubernetesObjects(
  "apps/v1",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
);

/** Pods, from a Pod or from the template of a workload. */
export const podTemplates: TargetKind<KubernetesObject> = {
  ...workloads,
  in: (resource) =>
    workloads.in(resource).map((workload) => ({ ...workload, at: workload.template })),
};

export function withTemplateAt(
  objects: TargetKind<KubernetesObject>,
  ...path: string[]
): TargetKind<Workload> {
  return {
    ...objects,
    in: (resource) =>
      objects.in(resource).map((object) => ({
        ...object,
        template: (...below) => object.at(...path, ...below),
      })),
  };
}

function objectAt(resource: Resource, place: Cursor, type: string): KubernetesObject {
  const given = place.at("metadata", "name").text();
  const name = given instanceof Unknown ? undefined : given;
  const label = labelOf(type, name ?? resource.name);
  const owned = place.ownedBy(label);
  return { resource, name, label, at: (...path) => owned.at(...path) };
}
