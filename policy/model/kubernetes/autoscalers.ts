import type { Cursor, Read } from "../../engine/cursor.ts";
import { grouped } from "../../engine/grouping.ts";
import type { Groupings } from "../../engine/grouping.ts";
import { kubernetesObjects, workloads } from "./objects.ts";
import type { KubernetesObject, Workload } from "./objects.ts";
import { shareNamespace } from "./objectNamespace.ts";
import type { Stack } from "../../engine/stack.ts";

/** Kinds of autoscalers, with the field for the minimum number of replicas and its default. */
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

/** Grouped by the name of their target, to avoid a comparison of every autoscaler with every workload. */
const autoscalersByTarget: Groupings<KubernetesObject> = new WeakMap();

/** Key of autoscalers whose target has an unknown name. */
const ANY_TARGET = "";

/** The minimum number of replicas of a workload, and the place that sets it. */
export interface FewestReplicas {
  readonly count: Read<string>;
  readonly place: Cursor;
  /** The autoscaler that the place belongs to; undefined if it belongs to the workload. */
  readonly autoscaler: string | undefined;
}

/** From its autoscaler if it has one, otherwise from its own `replicas`, whose default is 1. */
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
  // The default of KEDA. Kubernetes requires the kind.
  const kind = target.at("kind").text() ?? "Deployment";
  if (typeof kind === "string" && !workload.label.startsWith(`${kind} `)) return false;
  if (!shareNamespace(scaler, workload, stack)) return false;
  if (targetOf(scaler) !== ANY_TARGET) return targetOf(scaler) === workload.name;
  return stack
    .origins(scaler.resource, "spec", workloads)
    .some(({ resource }) => resource.urn === workload.resource.urn);
}
