import type { Cursor, Read } from "../../engine/cursor.ts";
import { grouped } from "../../engine/grouping.ts";
import type { Groupings } from "../../engine/grouping.ts";
import { kubernetesObjects, workloads } from "./objects.ts";
import type { KubernetesObject, Workload } from "./objects.ts";
import { shareNamespace } from "./objectNamespace.ts";
import type { Stack } from "../../engine/stack.ts";

/** What keeps the number of a workload's replicas, and where each says how few they may be and how few by default. */
const AUTOSCALERS = [
  {
    subject: kubernetesObjects("autoscaling/*", "HorizontalPodAutoscaler"),
    minimum: "minReplicas",
    otherwise: "1",
  },
  {
    subject: kubernetesObjects("keda.sh/*", "ScaledObject"),
    minimum: "minReplicaCount",
    otherwise: "0",
  },
] as const;

/** By the name of what they scale, so that not every autoscaler is held against every workload. */
const autoscalersByTarget: Groupings<KubernetesObject> = new WeakMap();

/** Of autoscalers whose target has a name that nobody knows. */
const ANY_TARGET = "";

/** How few replicas a workload may have, and the place that says so. */
export interface FewestReplicas {
  readonly count: Read<string>;
  readonly place: Cursor;
  /** What the place belongs to, where that is not the workload. */
  readonly autoscaler: string | undefined;
}

/** By its autoscaler, if it has one, and else as it says itself: one where it does not say. */
export function fewestReplicas(workload: Workload, stack: Stack): FewestReplicas {
  for (const { subject, minimum, otherwise } of AUTOSCALERS) {
    const groups = grouped(stack.all(subject), autoscalersByTarget, targetOf);
    const scaler = [workload.name ?? ANY_TARGET, ANY_TARGET]
      .flatMap((target) => groups.get(target) ?? [])
      .find((one) => scales(one, workload, stack));
    if (scaler === undefined) continue;
    const place = scaler.at("spec", minimum);
    return { count: place.text() ?? otherwise, place, autoscaler: scaler.label };
  }
  const place = workload.at("spec", "replicas");
  return { count: place.text() ?? "1", place, autoscaler: undefined };
}

function targetOf({ at }: KubernetesObject): string {
  const name = at("spec", "scaleTargetRef", "name").text();
  return typeof name === "string" ? name : ANY_TARGET;
}

function scales(scaler: KubernetesObject, workload: Workload, stack: Stack): boolean {
  const target = scaler.at("spec", "scaleTargetRef");
  // KEDA's default, and what Kubernetes demands to be said.
  const kind = target.at("kind").text() ?? "Deployment";
  if (typeof kind === "string" && !workload.label.startsWith(`${kind} `)) return false;
  if (!shareNamespace(scaler, workload, stack)) return false;
  if (targetOf(scaler) !== ANY_TARGET) return targetOf(scaler) === workload.name;
  return stack
    .origins(scaler.resource, "spec", workloads)
    .some(({ resource }) => resource.urn === workload.resource.urn);
}
