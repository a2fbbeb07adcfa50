import { afterEach, expect, test } from "vitest";
import { ApiServer } from "../../../operate/cluster/apiServer.ts";
import { restartWave } from "../../../operate/upgrade/restartWave.ts";
import type { WaveOptions } from "../../../operate/upgrade/restartWave.ts";
import { serveApi } from "../../support/apiServerStandIn.ts";
import type { ApiServerStandIn } from "../../support/apiServerStandIn.ts";
import type { Reply } from "../../support/jsonServer.ts";

const WEB = {
  workload: { kind: "Deployment", namespace: "shop", name: "web" },
  to: "asm-1-30",
} as const;
const PATH = "/apis/apps/v1/namespaces/shop/deployments/web";

const pod = {
  metadata: {
    name: "web-5c9f-x",
    namespace: "shop",
    labels: { app: "web", "pod-template-hash": "5c9f" },
    ownerReferences: [{ kind: "ReplicaSet", name: "web-5c9f", controller: true }],
  },
};
const budget = (disruptionsAllowed: number | undefined) => ({
  metadata: { name: "web", namespace: "shop" },
  spec: { selector: { matchLabels: { app: "web" } } },
  status: { disruptionsAllowed },
});

/** A Deployment of two, of which some are available. */
const deployment = (available: number, conditions: readonly object[] = []) => ({
  kind: "Deployment",
  metadata: { generation: 2 },
  spec: { replicas: 2 },
  status: { observedGeneration: 2, updatedReplicas: 2, availableReplicas: available, conditions },
});
const GAVE_UP = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" };

let standIn: ApiServerStandIn;

afterEach(async () => {
  await standIn.stop();
});

/** Restarts the Deployment on an API server with these replies, one after the other; the last one is repeated. */
async function restarted(
  {
    allowed = [1],
    deployments,
    budgets,
    patch = { body: {} },
  }: {
    readonly allowed?: readonly number[];
    readonly deployments: readonly object[];
    readonly budgets?: Reply;
    readonly patch?: Reply;
  },
  options: Partial<WaveOptions> = {},
) {
  const left = { allowed: [...allowed], deployments: [...deployments] };
  const next = <T>(list: T[]): T | undefined => (list.length > 1 ? list.shift() : list[0]);
  standIn = await serveApi(({ method, path }) => {
    if (path.startsWith("/api/v1/pods")) return { body: { items: [pod] } };
    if (path.startsWith("/apis/policy/v1/")) {
      return budgets ?? { body: { items: [budget(next(left.allowed) ?? 0)] } };
    }
    if (method === "PATCH") return patch;
    return { body: next(left.deployments) ?? {} };
  });
  const said: string[] = [];
  const found = await restartWave(await ApiServer.of({ kubeconfig: standIn.kubeconfig }), [WEB], {
    timeoutMs: 60_000,
    intervalMs: 1,
    signal: new AbortController().signal,
    say: (line) => said.push(line),
    ...options,
  });
  return { found, said };
}

const patches = () => standIn.asked.filter(({ method }) => method === "PATCH");

test("restarts as kubectl does, and waits until every new pod is available", async () => {
  const { found, said } = await restarted({
    deployments: [deployment(1), deployment(1), deployment(2)],
  });
  expect(found).toEqual([]);
  expect(said).toEqual(["Restarting Deployment shop/web for asm-1-30"]);
  expect(patches()).toEqual([
    {
      method: "PATCH",
      path: `${PATH}?fieldManager=kubectl-rollout`,
      authorization: "Bearer secret-token",
      body: {
        spec: {
          template: {
            metadata: {
              annotations: {
                "kubectl.kubernetes.io/restartedAt": expect.stringMatching(/^20.*Z$/) as string,
              },
            },
          },
        },
      },
    },
  ]);
  expect(standIn.asked.filter(({ path }) => path === PATH)).toHaveLength(3);
});

test("waits for a disruption budget that allows no pod to be away", async () => {
  const { found } = await restarted({ allowed: [0, 0, 1], deployments: [deployment(2)] });
  expect(found).toEqual([]);
  expect(patches()).toHaveLength(1);
});

test("restarts nothing if the budget never allows it", async () => {
  const { found } = await restarted(
    { allowed: [0], deployments: [deployment(2)] },
    { timeoutMs: 0 },
  );
  expect(found).toEqual([
    {
      check: "restarts",
      outcome: "failed",
      subject: "Deployment shop/web",
      message:
        "PodDisruptionBudget shop/web allows no pod of it to be away, so it was not restarted.",
      fix: "Make its other pods ready, or let the budget allow one disruption.",
      commands: ["kubectl get pods,poddisruptionbudgets --namespace shop"],
    },
  ]);
  expect(patches()).toEqual([]);
});

test("a restart that the API server refuses is said, and ends the wave", async () => {
  const { found } = await restarted({
    deployments: [deployment(2)],
    patch: { status: 403, body: { message: "forbidden" } },
  });
  expect(found).toEqual([
    {
      check: "restarts",
      outcome: "failed",
      subject: "Deployment shop/web",
      message: "The API server refused a request about it: forbidden.",
      fix: "Ask for the right to get and patch it, such as the role Azure Kubernetes Service RBAC Writer.",
    },
  ]);
});

test("restarts nothing if the budgets cannot be read", async () => {
  const { found } = await restarted({
    deployments: [deployment(2)],
    budgets: { status: 403, body: {} },
  });
  expect(found.map(({ outcome, message }) => [outcome, message])).toEqual([
    ["unchecked", "The cluster does not let you list poddisruptionbudgets.policy."],
  ]);
  expect(patches()).toEqual([]);
});

test.each([
  { what: "until the deadline", conditions: [], options: { timeoutMs: 0 } },
  { what: "until the Deployment gives up", conditions: [GAVE_UP], options: {} },
])("waits for pods that do not come up $what", async ({ conditions, options }) => {
  const { found } = await restarted({ deployments: [deployment(1, conditions)] }, options);
  expect(found).toEqual([
    {
      check: "restarts",
      outcome: "failed",
      subject: "Deployment shop/web",
      message: "After its restart for asm-1-30, it has 1 of 2 pods available.",
      fix: "Find out why its new pods do not come up. The old ones keep serving while its strategy allows it.",
      commands: [
        "kubectl rollout status deployment/web --namespace shop",
        "kubectl describe deployment/web --namespace shop",
      ],
    },
  ]);
});

test("an interruption ends the wait", async () => {
  const controller = new AbortController();
  const options = {
    signal: controller.signal,
    say: () => {
      controller.abort();
    },
  };
  await expect(restarted({ deployments: [deployment(1)] }, options)).rejects.toThrow(/aborted/);
});
