import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../cluster/apiServer.ts";
import type { ApiServer } from "../cluster/apiServer.ts";
import { listAt, numberAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { objectPath } from "../cluster/objectPath.ts";
import { readCluster } from "../cluster/readCluster.ts";
import { rolloutProblem } from "../cluster/rollout.ts";
import { workloadOf } from "../cluster/workload.ts";
import type { Workload } from "../cluster/workload.ts";
import type { Observation } from "../observation.ts";
import { budgetsOf } from "./disruptionBudgets.ts";
import type { Restart } from "./restarts.ts";

export interface WaveOptions {
  /** How long a wave may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often the cluster is asked, in milliseconds. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** Says what happens, a line at a time. */
  readonly say: (line: string) => void;
}

const CHECK = "restarts";

/**
 * Restarts the workloads of a wave as `kubectl rollout restart` does, once their disruption budgets allow that a pod is
 * away, and waits until all their new pods are available.
 *
 * @returns what failed; empty if all are up. Then the wave is not to be followed by another.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment
 */
export async function restartWave(
  server: ApiServer,
  wave: readonly Restart[],
  options: WaveOptions,
): Promise<readonly Observation[]> {
  const deadline = Date.now() + options.timeoutMs;
  const blocked = await poll(deadline, options, () => budgetProblems(server, wave));
  if (blocked.length > 0) return blocked;
  for (const { workload, to } of wave) {
    options.signal.throwIfAborted();
    options.say(`Restarting ${labelOfWorkload(workload)} for ${to}`);
    const refused = await orRefused(workload, () =>
      server.send({
        path: pathOf(workload),
        method: "PATCH",
        query: { fieldManager: "kubectl-rollout" },
        body: { type: "application/strategic-merge-patch+json", value: restartedNow() },
      }),
    );
    if (isObservation(refused)) return [refused];
  }
  return await poll(deadline, options, async () => {
    const found = await Promise.all(wave.map((restart) => rolloutOf(server, restart)));
    return found.flatMap((one) => one ?? []);
  });
}

/**
 * Asks until nothing is wrong, until something is wrong for good, or until the deadline.
 *
 * @returns what is wrong then
 */
async function poll(
  deadline: number,
  { intervalMs, signal }: WaveOptions,
  ask: () => Promise<readonly Wrong[]>,
): Promise<readonly Observation[]> {
  for (;;) {
    const wrong = await ask();
    signal.throwIfAborted();
    const isFinal = wrong.length === 0 || wrong.some(({ forGood }) => forGood);
    if (isFinal || Date.now() >= deadline) return wrong.map(({ observation }) => observation);
    await sleep(intervalMs, undefined, { signal });
  }
}

interface Wrong {
  readonly observation: Observation;
  /** Whether waiting cannot help. */
  readonly forGood: boolean;
}

/** The budgets of the wave that allow no disruption now. */
async function budgetProblems(
  server: ApiServer,
  wave: readonly Restart[],
): Promise<readonly Wrong[]> {
  const state = await readCluster(server, ["Pod", "policy/PodDisruptionBudget"]);
  const unread = (["Pod", "policy/PodDisruptionBudget"] as const).flatMap(
    (kind) => state.notRead(kind) ?? [],
  );
  if (unread.length > 0) {
    return unread.map(({ reason, fix }) => ({
      forGood: true,
      observation: {
        check: CHECK,
        outcome: "unchecked",
        subject: state.from,
        message: reason,
        fix,
      },
    }));
  }
  return wave.flatMap(({ workload }) => {
    const pods = state.all("Pod").filter((pod) => isOf(pod, workload));
    const budgets = new Set(pods.flatMap((pod) => budgetsOf(pod, state)));
    return [...budgets]
      .filter((budget) => (numberAt(budget, "status", "disruptionsAllowed") ?? 0) === 0)
      .map((budget): Wrong => {
        const { name, namespace = "" } = budget.metadata;
        return {
          forGood: false,
          observation: {
            check: CHECK,
            outcome: "failed",
            subject: labelOfWorkload(workload),
            message: `PodDisruptionBudget ${namespace}/${name} allows no pod of it to be away, so it was not restarted.`,
            fix: "Make its other pods ready, or let the budget allow one disruption.",
            commands: [`kubectl get pods,poddisruptionbudgets --namespace ${namespace}`],
          },
        };
      });
  });
}

function isOf(pod: ClusterObject, { namespace, name, kind }: Workload): boolean {
  const owner = workloadOf(pod);
  return owner?.kind === kind && owner.name === name && owner.namespace === namespace;
}

/** What keeps a restarted workload from being up; undefined if nothing does. */
async function rolloutOf(server: ApiServer, { workload, to }: Restart): Promise<Wrong | undefined> {
  const object = await orRefused(workload, () => server.send({ path: pathOf(workload) }));
  if (isObservation(object)) return { forGood: false, observation: object };
  const problem = rolloutProblem(object);
  if (problem === undefined) return undefined;
  const { kind, namespace, name } = workload;
  const resource = `${kind.toLowerCase()}/${name} --namespace ${namespace}`;
  return {
    forGood: hasGivenUp(object),
    observation: {
      check: CHECK,
      outcome: "failed",
      subject: labelOfWorkload(workload),
      message: `After its restart for ${to}, it ${problem}.`,
      fix: "Find out why its new pods do not come up. The old ones keep serving while its strategy allows it.",
      commands: [`kubectl rollout status ${resource}`, `kubectl describe ${resource}`],
    },
  };
}

/** The object in an answer, or that the API server refused the request. */
async function orRefused(
  workload: Workload,
  send: () => Promise<unknown>,
): Promise<ClusterObject | Observation> {
  try {
    return (await send()) as ClusterObject;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      check: CHECK,
      outcome: "failed",
      subject: labelOfWorkload(workload),
      message: `The API server refused a request about it: ${error.message}.`,
      fix: "Ask for the right to get and patch it, such as the role Azure Kubernetes Service RBAC Writer.",
    };
  }
}

function isObservation(answer: ClusterObject | Observation): answer is Observation {
  return "check" in answer && "outcome" in answer;
}

/** Whether the Deployment's own deadline has passed. */
function hasGivenUp(object: ClusterObject): boolean {
  return listAt(object, "status", "conditions").some(
    (condition) =>
      textAt(condition, "type") === "Progressing" &&
      textAt(condition, "reason") === "ProgressDeadlineExceeded",
  );
}

function pathOf({ kind, namespace, name }: Workload): string {
  return objectPath(`apps/${kind}` as "apps/Deployment", namespace, name);
}

function labelOfWorkload({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

function restartedNow(): object {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  return { spec: { template: { metadata: { annotations } } } };
}
