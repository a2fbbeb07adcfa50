import { expect, test } from "vitest";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { restartCommand, workloadLabel, workloadOf } from "../../../operate/cluster/workload.ts";

function pod(kind: string, name: string, labels = {}, controller = true): ClusterObject {
  const owner = { apiVersion: "apps/v1", kind, name, uid: "u", controller };
  const metadata = { name: "p", namespace: "orders", labels, ownerReferences: [owner] };
  return { apiVersion: "v1", kind: "Pod", metadata };
}

test.each([
  ["ReplicaSet", "web-5d4f", { "pod-template-hash": "5d4f" }, "Deployment orders/web"],
  ["ReplicaSet", "web-5d4f", { "pod-template-hash": "77" }, "ReplicaSet orders/web-5d4f"],
  ["ReplicaSet", "web", {}, "ReplicaSet orders/web"],
  ["ReplicaSet", "web-", { "pod-template-hash": "" }, "ReplicaSet orders/web-"],
  ["StatefulSet", "db", { "pod-template-hash": "b" }, "StatefulSet orders/db"],
  ["Job", "import-1", {}, "Job orders/import-1"],
])("a pod of %s %s with %o belongs to %s", (kind, name, labels, label) => {
  expect(workloadLabel(pod(kind, name, labels))).toBe(label);
});

test("a pod that only an owner without control names has no workload", () => {
  const bare = pod("ReplicaSet", "web", {}, false);
  expect(workloadOf(bare)).toBeUndefined();
  expect(workloadLabel(bare)).toBe("Pod orders/p");
});

test.each([
  ["Deployment", "kubectl rollout restart deployment/web --namespace orders"],
  ["StatefulSet", "kubectl rollout restart statefulset/web --namespace orders"],
  ["DaemonSet", "kubectl rollout restart daemonset/web --namespace orders"],
  ["ReplicaSet", undefined],
  ["Job", undefined],
])("a %s restarts by %s", (kind, command) => {
  expect(restartCommand({ kind, namespace: "orders", name: "web" })).toBe(command);
});
