import { expect, test } from "vitest";
import { podOf } from "../../inject/podOf.ts";
import type { Workload } from "../../inject/workload.ts";
import type { JsonObject } from "../../yaml/json.ts";

const workload = (kind: string, apiVersion: string, more: Partial<Workload> = {}): Workload => ({
  ...{ apiVersion, kind, name: "web", namespace: undefined, claims: [] },
  template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } },
  ...{ document: 0, path: [], line: 1 },
  ...more,
});

const identity = (one: Workload) => {
  const { labels, annotations, namespace, ...rest } = podOf(one, "orders", "asm-1-30")[
    "metadata"
  ] as JsonObject;
  expect({ annotations, namespace }).toEqual({ annotations: {}, namespace: "orders" });
  return { labels, ...rest };
};

const labels = { app: "web", "istio.io/rev": "asm-1-30" };
const uid = "00000000-0000-0000-0000-000000000000";

test.each([
  ["StatefulSet", "apps/v1"],
  ["DaemonSet", "apps/v1"],
  ["ReplicaSet", "apps/v1"],
  ["ReplicationController", "v1"],
  ["Job", "batch/v1"],
])("a pod of a %s is owned by it", (kind, apiVersion) => {
  expect(identity(workload(kind, apiVersion))).toEqual({
    labels,
    generateName: "web-",
    ownerReferences: [{ apiVersion, kind, name: "web", uid, controller: true }],
  });
});

test("a pod of a Deployment is owned by a ReplicaSet that is named after the hash in its label", () => {
  expect(identity(workload("Deployment", "apps/v1"))).toEqual({
    labels: { ...labels, "pod-template-hash": "6d4cf56db6" },
    generateName: "web-6d4cf56db6-",
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-6d4cf56db6", uid, controller: true },
    ],
  });
});

test("a pod of a CronJob is owned by a Job that is named after its time", () => {
  expect(identity(workload("CronJob", "batch/v1"))).toEqual({
    labels,
    generateName: "web-29000000-",
    ownerReferences: [
      { apiVersion: "batch/v1", kind: "Job", name: "web-29000000", uid, controller: true },
    ],
  });
});

test("a Pod is itself", () => {
  expect(identity(workload("Pod", "v1"))).toEqual({ labels, name: "web" });
  const template = { metadata: { generateName: "web-", labels: { app: "web" } }, spec: {} };
  expect(identity(workload("Pod", "v1", { name: undefined, template }))).toEqual({
    labels,
    generateName: "web-",
  });
});

test("references to objects that may not exist are left out, and claims are volumes", () => {
  const spec = {
    containers: [{ name: "app", image: "app" }],
    serviceAccountName: "web",
    priorityClassName: "high",
    runtimeClassName: "kata",
    hostNetwork: true,
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "data", persistentVolumeClaim: { claimName: "before" } },
    ],
  };
  const one = workload("StatefulSet", "apps/v1", { template: { spec }, claims: ["data"] });
  expect(podOf(one, "orders", "asm-1-30")["spec"]).toEqual({
    containers: spec.containers,
    hostNetwork: true,
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "data", persistentVolumeClaim: { claimName: "data" } },
    ],
    automountServiceAccountToken: false,
  });
});
