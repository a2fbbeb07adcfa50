import { fewestReplicas } from "../../model/kubernetes/autoscalers.ts";
import { allowedDisruptions, budgetsOf } from "../../model/kubernetes/disruptionBudgets.ts";
import { Unknown } from "../../engine/cursor.ts";
import { isPatch, replicatedWorkloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";
import type { Opaque } from "../../model/opaque.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { leavesAlone } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

export const workloadAvailability = defineRule({
  name: "workload-availability",
  displayName: "Workloads in the mesh survive the loss of a node",
  description:
    "A workload of the mesh has at least two replicas on different nodes, and a disruption budget that allows one of them to be evicted: upgrades of the nodes and of the mesh restart every pod.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set replicas, or the minimum of the autoscaler, to two or more. Add a PodDisruptionBudget that selects the pods and sets maxUnavailable to 1. Spread the pods with topologySpreadConstraints.",
  url: "https://learn.microsoft.com/azure/aks/best-practices-app-cluster-reliability",
  tags: ["workload", "AzurePolicy:AKS_GuardrailsMustHaveAntiAffinityRulesSet"],
  about: replicatedWorkloads,
  unknown: "nothing",
  // Budgets and autoscalers are registered after their workload.
  wholeStack: true,
  *check(workload, { stack }) {
    if (!stack.complete || isPatch(workload)) return;
    yield* ifTrue(meshMembershipOf(workload, stack).belongs, () => judged(workload, stack));
  },
  // A preference, which prevents no pod from starting.
  remediate(workload, { stack }) {
    const { at, template } = workload;
    const labels = selectorLabels(workload);
    const place = template("spec", "topologySpreadConstraints");
    if (meshMembershipOf(workload, stack).belongs !== true || isPatch(workload)) return false;
    if (labels === undefined || !place.free || isSpread(workload)) return false;
    if (at("spec", "replicas").text() === "0") return false;
    place.write(
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      })),
    );
    return true;
  },
});

function* judged(workload: Workload, stack: Stack): Iterable<Finding> {
  const { count, place, autoscaler } = fewestReplicas(workload, stack);
  const unseen = unseenSources(workload, [namespaceOf(workload, stack).name], stack);
  const scaled =
    autoscaler === undefined &&
    (unseen.length > 0 || leavesAlone(workload.resource, "spec.replicas"));
  // A number that the program leaves to something else is not known.
  const replicas = scaled || count instanceof Unknown ? NaN : Number(count);
  if (unseen.length > 0 && autoscaler === undefined && count === "1") {
    yield inDoubt(
      unseen,
      "an autoscaler for its single replica",
      "Set replicas to 2 or more. If something else scales it, exempt the workload from workload-availability in exceptions of mesh-scope.",
    );
  }
  // Switched off, or scaled on demand.
  if (replicas === 0) return;
  if (replicas === 1) {
    const whose = autoscaler === undefined ? "" : ` of ${autoscaler}`;
    yield `${place.path}${whose} is ${place.read() === undefined ? "not set, which means 1" : "1"}, so every restart is an outage. Set it to 2 or more.`;
  }
  yield* checkBudgets(workload, replicas, unseen, stack);
  if (!isSpread(workload)) {
    yield `${workload.template("spec", "topologySpreadConstraints").path} is not set, and neither is podAntiAffinity, so all replicas may run on one node. Spread them over topology.kubernetes.io/zone and kubernetes.io/hostname.`;
  }
}

function* checkBudgets(
  workload: Workload,
  replicas: number,
  unseen: readonly Opaque[],
  stack: Stack,
): Iterable<Finding> {
  const budgets = budgetsOf(workload, stack);
  const [budget, ...others] = budgets;
  if (budget === undefined) {
    if (unseen.length > 0) {
      yield inDoubt(
        unseen,
        "a PodDisruptionBudget that selects its pods",
        "Add one with maxUnavailable: 1 to the program. If something else creates it, exempt the workload from workload-availability in exceptions of mesh-scope.",
      );
      return;
    }
    yield "no PodDisruptionBudget selects its pods, so draining nodes may evict all of them at once. Add one with maxUnavailable: 1.";
  } else if (others.length > 0) {
    const names = budgets.map(({ label }) => label).join(" and ");
    yield `${names} select its pods, but Kubernetes does not evict a pod that two budgets select. Keep only one of them.`;
  } else if (!Number.isNaN(replicas) && allowedDisruptions(budget, replicas) === 0) {
    yield `${budget.label} does not allow ${replicas === 1 ? "its single pod" : `any of its ${replicas} pods`} to be evicted, so a node that runs one cannot be drained. Set its maxUnavailable to 1, and remove minAvailable.`;
  }
}

/** Whether the workload spreads its replicas. */
function isSpread({ template }: Workload): boolean {
  const spec = template("spec");
  const constraints = spec.at("topologySpreadConstraints").items();
  const rules = spec.at("affinity", "podAntiAffinity").keys();
  return [constraints, rules].some((one) => one instanceof Unknown || (one?.length ?? 0) > 0);
}

/** The labels by which a workload selects its pods; undefined if it uses matchExpressions alone or they are not known. */
function selectorLabels({ at }: Workload): Readonly<Record<string, string>> | undefined {
  const place = at("spec", "selector", "matchLabels");
  const names = place.keys();
  if (names === undefined || names instanceof Unknown || names.length === 0) return undefined;
  const labels = names.map((name) => [name, place.at(name).text()] as const);
  const known = labels.filter(
    (label): label is readonly [string, string] => typeof label[1] === "string",
  );
  return known.length === labels.length ? Object.fromEntries(known) : undefined;
}
