import { REVISION_LABEL } from "../../mesh/names.ts";
import { textAt, valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { KindName } from "../cluster/kinds.ts";
import { proxiesOf } from "../cluster/proxies.ts";
import type { Proxy } from "../cluster/proxies.ts";
import { restartCommand, workloadLabel, workloadOf } from "../cluster/workload.ts";
import type { Workload } from "../cluster/workload.ts";
import type { Observation } from "../observation.ts";
import { budgetsOf } from "./disruptionBudgets.ts";

/** The kinds that `restartsIn` needs. */
export const RESTART_KINDS: readonly KindName[] = [
  "Namespace",
  "Pod",
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "policy/PodDisruptionBudget",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
];

/** A workload with proxies of another revision than its namespace now names. */
export interface Restart {
  readonly workload: Workload;
  /** The revision that its new pods will get. */
  readonly to: string;
}

/** What has to restart, so that every proxy follows the label of its namespace. */
export interface Restarts {
  /** Workloads that may restart at the same time; no two of a wave share a disruption budget. */
  readonly waves: readonly (readonly Restart[])[];
  /** Pods that no restart replaces. They are in nobody's way until the control plane of their proxy is to stop. */
  readonly stuck: readonly Observation[];
}

const CHECK = "restarts";

/** A label of the Deployments that istiod itself keeps for Gateways of the Gateway API. */
const MANAGED_GATEWAY = "gateway.networking.k8s.io/gateway-name";

/**
 * The workloads whose proxies do not follow the label `istio.io/rev` of their namespace. AKS moves its own gateways.
 *
 * @param size how many workloads restart at the same time
 */
export function restartsIn(state: ClusterState, size: number): Restarts {
  const wanted = wantedRevisions(state);
  const outdated = proxiesOf(state.all("Pod")).filter(({ pod, revision }) => {
    const to = wanted.get(pod.metadata.namespace ?? "");
    return to !== undefined && revision !== to && !isManagedGateway(pod);
  });
  const restarts = new Map<string, Restart & { readonly pod: ClusterObject }>();
  const stuck = new Map<string, Observation>();
  for (const proxy of outdated) {
    const { pod } = proxy;
    const label = workloadLabel(pod);
    const to = wanted.get(pod.metadata.namespace ?? "") ?? "";
    const reason = stuckBecause(pod, state);
    const workload = workloadOf(pod);
    if (workload === undefined || reason !== undefined) {
      stuck.set(label, stuckPod(proxy, label, to, reason ?? "no controller replaces it"));
    } else restarts.set(label, { workload, to, pod });
  }
  return { waves: wavesOf([...restarts.values()], state, size), stuck: [...stuck.values()] };
}

/** The revision of each namespace with a label, by the revision tag that it may name. */
function wantedRevisions(state: ClusterState): ReadonlyMap<string, string> {
  const tags = new Map(
    state
      .all("admissionregistration.k8s.io/MutatingWebhookConfiguration")
      .flatMap(({ metadata: { labels = {} } }): readonly [string, string][] => {
        const [tag, revision] = [labels["istio.io/tag"], labels[REVISION_LABEL]];
        return tag === undefined || revision === undefined ? [] : [[tag, revision]];
      }),
  );
  return new Map(
    state.all("Namespace").flatMap(({ metadata: { name, labels = {} } }) => {
      const label = labels[REVISION_LABEL];
      return label === undefined ? [] : [[name, tags.get(label) ?? label]];
    }),
  );
}

/**
 * Why a restart of its workload would not replace a pod; undefined if it would.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies
 */
function stuckBecause(pod: ClusterObject, state: ClusterState): string | undefined {
  const workload = workloadOf(pod);
  if (workload === undefined) return "no controller replaces it";
  if (restartCommand(workload) === undefined) return `a ${workload.kind} cannot be restarted`;
  const object = objectOf(workload, state);
  if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") {
    return "its updateStrategy is OnDelete, so its pods stay until somebody deletes them";
  }
  return valueAt(object, "spec", "paused") === true ? "its rollouts are paused" : undefined;
}

function objectOf(
  { kind, namespace, name }: Workload,
  state: ClusterState,
): ClusterObject | undefined {
  return state
    .all(`apps/${kind}` as "apps/Deployment")
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

function isManagedGateway({ metadata: { labels = {} } }: ClusterObject): boolean {
  return Object.hasOwn(labels, MANAGED_GATEWAY);
}

function stuckPod(
  { pod, revision = "an unknown revision" }: Proxy,
  label: string,
  to: string,
  reason: string,
): Observation {
  const { name, namespace = "" } = pod.metadata;
  return {
    check: CHECK,
    outcome: "warning",
    subject: label,
    message: `It runs a proxy of ${revision}, but its namespace follows ${to}, and ${reason}.`,
    fix: "Replace the pod yourself before the upgrade ends.",
    commands: [`kubectl delete pod ${name} --namespace ${namespace}`],
  };
}

function wavesOf(
  restarts: readonly (Restart & { readonly pod: ClusterObject })[],
  state: ClusterState,
  size: number,
): readonly (readonly Restart[])[] {
  const waves: { readonly restarts: Restart[]; readonly budgets: Set<string> }[] = [];
  for (const { pod, workload, to } of restarts) {
    const budgets = budgetsOf(pod, state).map(({ metadata }) => metadata.uid ?? metadata.name);
    const wave = waves.find(
      (one) => one.restarts.length < size && budgets.every((budget) => !one.budgets.has(budget)),
    );
    const chosen = wave ?? { restarts: [], budgets: new Set<string>() };
    if (wave === undefined) waves.push(chosen);
    chosen.restarts.push({ workload, to });
    for (const budget of budgets) chosen.budgets.add(budget);
  }
  return waves.map(({ restarts: members }) => members);
}
