import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import { addonObjects } from "../../../../operate/explain/pod/addonObjects.ts";
import { explainPod } from "../../../../operate/explain/pod/explainPod.ts";
import { inCluster } from "../../../../operate/explain/pod/podInQuestion.ts";
import { clusterOf } from "../clusterOf.ts";

const CREATED = "2026-11-01T12:00:00Z";

interface PodShape {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
  /** The revision of its native sidecar. */
  readonly proxy?: string;
}

function pod({
  labels,
  annotations = {},
  hostNetwork = false,
  proxy,
}: PodShape = {}): ClusterObject {
  const sidecar = { name: "istio-proxy", image: "proxyv2:1.30.1", restartPolicy: "Always" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web-7d-x",
      namespace: "shop",
      creationTimestamp: CREATED,
      labels: { "pod-template-hash": "7d", ...labels },
      annotations:
        proxy === undefined
          ? annotations
          : { ...annotations, "sidecar.istio.io/status": JSON.stringify({ revision: proxy }) },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-7d", uid: "1", controller: true },
      ],
    },
    spec: {
      hostNetwork,
      containers: [{ name: "web" }],
      ...(proxy === undefined ? {} : { initContainers: [sidecar] }),
    },
  };
}

function namespace(labels: Readonly<Record<string, string>>, labelled?: string): ClusterObject {
  const fieldsV1 = { "f:metadata": { "f:labels": { "f:istio.io/rev": {} } } };
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: "shop",
      labels,
      ...(labelled === undefined
        ? {}
        : { managedFields: [{ manager: "kubectl", time: labelled, fieldsV1 }] }),
    },
  };
}

const JOINED = { "istio.io/rev": "asm-1-30" };
const RESTART = "kubectl rollout restart deployment/web --namespace shop";

function verdict(web: ClusterObject, of: ClusterObject, revisions = ["asm-1-30"]) {
  const state = clusterOf([web, of, ...addonObjects(revisions)]);
  return explainPod(inCluster(web, state), state).verdict;
}

describe("a pod that exists", () => {
  const WEBHOOK =
    "MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system webhooks[0]";
  const injects = `${WEBHOOK} selects the pod, and istiod of asm-1-30 injects it.`;
  const none = "No webhook that injects sidecars selects the pod.";

  test("has the sidecar that it gets", () => {
    expect(verdict(pod({ proxy: "asm-1-30" }), namespace(JOINED))).toEqual({
      answer: "yes",
      outcome: "sidecar of asm-1-30",
      message: injects,
    });
  });

  test.each<[string, ClusterObject, ClusterObject, string, string, string, readonly string[]]>([
    [
      "has none, since it is older than the label",
      pod(),
      namespace(JOINED),
      "a new pod gets a sidecar of asm-1-30, which web-7d-x has not",
      injects,
      "Restart it: a pod gets its sidecar only at creation.",
      [RESTART],
    ],
    [
      "has one of another revision",
      pod({ proxy: "asm-1-29" }),
      namespace(JOINED),
      "a new pod gets a sidecar of asm-1-30, which web-7d-x has not",
      injects,
      "Restart it: a pod gets its sidecar only at creation.",
      [RESTART],
    ],
    [
      "has none without a label",
      pod(),
      namespace({}),
      "no sidecar",
      none,
      "Label the namespace istio.io/rev=asm-1-30.",
      ["kubectl label namespace shop istio.io/rev=asm-1-30 --overwrite", RESTART],
    ],
    [
      "loses its sidecar",
      pod({ proxy: "asm-1-30" }),
      namespace({}),
      "no sidecar",
      `${none} Pod shop/web-7d-x has a proxy from before, and will lose it at the next restart.`,
      "Label the namespace istio.io/rev=asm-1-30.",
      ["kubectl label namespace shop istio.io/rev=asm-1-30 --overwrite", RESTART],
    ],
    [
      "has none with the label of an Istio without revisions",
      pod(),
      namespace({ "istio-injection": "enabled" }),
      "no sidecar",
      none,
      "Label the namespace istio.io/rev=asm-1-30, and remove istio-injection.",
      ["kubectl label namespace shop istio.io/rev=asm-1-30 istio-injection- --overwrite", RESTART],
    ],
    [
      "opts out by a label",
      pod({ labels: { "sidecar.istio.io/inject": "false" } }),
      namespace(JOINED),
      "no sidecar",
      none,
      "Remove the label sidecar.istio.io/inject from the pod template.",
      [],
    ],
    [
      "opts out by an annotation",
      pod({ annotations: { "sidecar.istio.io/inject": "false" } }),
      namespace(JOINED),
      "no sidecar",
      "The pod's annotation sidecar.istio.io/inject=false opts it out.",
      "Remove the annotation sidecar.istio.io/inject from the pod template.",
      [],
    ],
    [
      "uses the host network",
      pod({ hostNetwork: true }),
      namespace(JOINED),
      "no sidecar",
      "The pod uses the host network, and istiod never injects such pods.",
      "Remove hostNetwork from the pod template.",
      [],
    ],
  ])("%s", (_, web, of, outcome, message, fix, commands) => {
    expect(verdict(web, of)).toEqual({ answer: "no", outcome, message, fix, commands });
  });

  test.each<[string, string | undefined, string]>([
    [
      "before the label",
      "2026-11-01T12:00:01Z",
      "It has no proxy. It was created at 2026-11-01T12:00:00Z, before the labels istio.io/rev and istio-injection of its namespace last changed, at 2026-11-01T12:00:01Z or earlier.",
    ],
    [
      "after the label",
      CREATED,
      "It has no proxy. It was created at 2026-11-01T12:00:00Z, after the labels of its namespace last changed, so a webhook was missing or did not answer then.",
    ],
    [
      "at an unknown time relative to the label",
      undefined,
      "It has no proxy. It was created at 2026-11-01T12:00:00Z, and a pod gets its proxy only at creation.",
    ],
  ])("was created %s", (_, labelled, message) => {
    const web = pod();
    const state = clusterOf([web, namespace(JOINED, labelled), ...addonObjects(["asm-1-30"])]);
    const { steps } = explainPod(inCluster(web, state), state);
    expect(steps.at(-1)).toEqual({
      name: "pod",
      answer: "no",
      decidedBy: "Pod shop/web-7d-x spec",
      message,
    });
  });
});

describe("a Deployment", () => {
  const deployment: ClusterObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { template: { metadata: { labels: { app: "web" } }, spec: {} } },
  };
  const ofDeployment = (...pods: readonly ClusterObject[]) => {
    const state = clusterOf([
      ...pods,
      namespace(JOINED),
      deployment,
      ...addonObjects(["asm-1-30"]),
    ]);
    return explainPod(inCluster(deployment, state), state);
  };

  test("is judged by its template, and by its own pods that run", () => {
    const ended = { ...pod(), status: { phase: "Succeeded" } };
    const other = { ...pod(), metadata: { ...pod().metadata, ownerReferences: [] } };
    expect(ofDeployment(ended, other, pod({ proxy: "asm-1-30" })).verdict.answer).toBe("yes");
    expect(ofDeployment(pod()).verdict).toMatchObject({ answer: "no", commands: [RESTART] });
    expect(ofDeployment().verdict).toMatchObject({ answer: "yes", outcome: "sidecar of asm-1-30" });
  });
});

test("the verdict is unknown without the webhooks, Services or the namespace", () => {
  const web = pod({ proxy: "asm-1-30" });
  const objects = [web, namespace(JOINED), ...addonObjects(["asm-1-30"])];
  for (const kind of [
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "Service",
    "Namespace",
  ] as const) {
    const state = clusterOf(objects, [kind]);
    const { steps, verdict: found } = explainPod(inCluster(web, state), state);
    expect(steps[0]).toMatchObject({ answer: "unknown", message: `You may not list ${kind}.` });
    expect(found).toMatchObject({ answer: "unknown", fix: `Ask for ${kind}.` });
  }
  const state = clusterOf([web, ...addonObjects(["asm-1-30"])]);
  expect(explainPod(inCluster(web, state), state).steps[0]).toMatchObject({
    answer: "unknown",
    message: "The namespace shop does not exist.",
  });
});

test("a pod that a webhook without an istiod selects is rejected", () => {
  const web = pod();
  const state = clusterOf([
    web,
    namespace(JOINED),
    ...addonObjects(["asm-1-30"]).filter(({ kind }) => kind !== "Service"),
  ]);
  expect(explainPod(inCluster(web, state), state).verdict).toMatchObject({
    answer: "no",
    outcome: "rejected at creation",
    fix: "Run asm-1-30 again, or point the label or the revision tag to a revision that runs.",
  });
});
