import { expect, test } from "vitest";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import { RESTART_KINDS, restartsIn } from "../../../operate/upgrade/restarts.ts";

type Objects = Partial<Record<KindName, readonly ClusterObject[]>>;

function stateOf(objects: Objects): ClusterState {
  return new ClusterState(
    "test",
    RESTART_KINDS.map((kind) => [kind, objects[kind] ?? []]),
  );
}

function namespace(name: string, revision?: string): ClusterObject {
  const labels = revision === undefined ? {} : { "istio.io/rev": revision };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

interface PodParts {
  readonly namespace?: string;
  readonly revision?: string;
  readonly owner?: { readonly kind: string; readonly name: string } | undefined;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A pod with a proxy, by default of asm-1-29. */
function pod(name: string, parts: PodParts = {}): ClusterObject {
  const { revision = "asm-1-29", labels = {} } = parts;
  const owner = "owner" in parts ? parts.owner : { kind: "ReplicaSet", name: `${name}-5c9f` };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-5c9f-x`,
      namespace: parts.namespace ?? "shop",
      labels: { "pod-template-hash": "5c9f", app: name, ...labels },
      annotations: { "sidecar.istio.io/status": JSON.stringify({ revision }) },
      ownerReferences:
        owner === undefined
          ? []
          : [{ ...owner, apiVersion: "apps/v1", uid: owner.name, controller: true }],
    },
    spec: { containers: [{ name: "app" }, { name: "istio-proxy", image: "proxyv2:1.29.4" }] },
    status: { phase: "Running" },
  };
}

function budget(name: string, selector: object | undefined): ClusterObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "shop", uid: name },
    spec: { selector },
  };
}

const SHOP = [namespace("shop", "asm-1-30")];
const restart = (name: string, kind = "Deployment", to = "asm-1-30") => ({
  workload: { kind, namespace: "shop", name },
  to,
});

test("restarts once what runs a proxy of another revision than its namespace names", () => {
  const pods = [
    pod("web"),
    pod("web"),
    pod("current", { revision: "asm-1-30" }),
    pod("elsewhere", { namespace: "unlabelled" }),
    pod("old", { namespace: "stays" }),
  ];
  const namespaces = [...SHOP, namespace("unlabelled"), namespace("stays", "asm-1-29")];
  expect(restartsIn(stateOf({ Namespace: namespaces, Pod: pods }), 5)).toEqual({
    waves: [[restart("web")]],
    stuck: [],
  });
});

test("follows a revision tag to its revision", () => {
  const webhook: ClusterObject = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: {
      name: "istio-revision-tag-prod-aks-istio-system",
      labels: { "istio.io/tag": "prod", "istio.io/rev": "asm-1-29" },
    },
  };
  const state = stateOf({
    Namespace: [namespace("shop", "prod")],
    Pod: [pod("web"), pod("api", { revision: "asm-1-28" })],
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": [webhook],
  });
  expect(restartsIn(state, 5).waves).toEqual([[restart("api", "Deployment", "asm-1-29")]]);
});

test("leaves the gateways that istiod itself keeps", () => {
  const labels = { "gateway.networking.k8s.io/gateway-name": "public" };
  const state = stateOf({ Namespace: SHOP, Pod: [pod("public-istio", { labels })] });
  expect(restartsIn(state, 5)).toEqual({ waves: [], stuck: [] });
});

test("a wave has at most so many workloads, and two of one disruption budget follow each other", () => {
  const names = ["a", "b", "c"];
  const pods = names.map((name) => pod(name, { labels: { tier: name === "c" ? "db" : "web" } }));
  const waves = (size: number, budgets: readonly ClusterObject[]) =>
    restartsIn(
      stateOf({ Namespace: SHOP, Pod: pods, "policy/PodDisruptionBudget": budgets }),
      size,
    ).waves.map((wave) => wave.map(({ workload }) => workload.name));
  expect(waves(3, [])).toEqual([["a", "b", "c"]]);
  expect(waves(2, [])).toEqual([["a", "b"], ["c"]]);
  expect(waves(3, [budget("web", { matchLabels: { tier: "web" } })])).toEqual([["a", "c"], ["b"]]);
  expect(waves(3, [budget("all", {})])).toEqual([["a"], ["b"], ["c"]]);
  expect(waves(3, [budget("none", undefined)])).toEqual([["a", "b", "c"]]);
});

test.each([
  {
    what: "a pod without a controller",
    objects: { Pod: [pod("job", { owner: undefined })] },
    subject: "Pod shop/job-5c9f-x",
    reason: "no controller replaces it",
  },
  {
    what: "a Job",
    objects: { Pod: [pod("job", { owner: { kind: "Job", name: "job" } })] },
    subject: "Job shop/job",
    reason: "a Job cannot be restarted",
  },
  {
    what: "a StatefulSet that is updated by hand",
    objects: {
      Pod: [pod("job", { owner: { kind: "StatefulSet", name: "db" } })],
      "apps/StatefulSet": [
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "db", namespace: "shop" },
          spec: { updateStrategy: { type: "OnDelete" } },
        },
      ],
    },
    subject: "StatefulSet shop/db",
    reason: "its updateStrategy is OnDelete, so its pods stay until somebody deletes them",
  },
  {
    what: "a paused Deployment",
    objects: {
      Pod: [pod("job")],
      "apps/Deployment": [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "job", namespace: "shop" },
          spec: { paused: true },
        },
      ],
    },
    subject: "Deployment shop/job",
    reason: "its rollouts are paused",
  },
])("says that no restart replaces the pods of $what", ({ objects, subject, reason }) => {
  expect(restartsIn(stateOf({ Namespace: SHOP, ...objects }), 5)).toEqual({
    waves: [],
    stuck: [
      {
        check: "restarts",
        outcome: "warning",
        subject,
        message: `It runs a proxy of asm-1-29, but its namespace follows asm-1-30, and ${reason}.`,
        fix: "Replace the pod yourself before the upgrade ends.",
        commands: ["kubectl delete pod job-5c9f-x --namespace shop"],
      },
    ],
  });
});
