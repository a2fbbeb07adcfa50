import { expect, test } from "vitest";
import { proxyVersions } from "../../../operate/verify/proxyVersions.ts";
import { sidecars } from "../../../operate/verify/sidecars.ts";
import { aks, complaints, object, observed, pod, revisionObjects } from "./healthyMesh.ts";

const both = {
  ...aks,
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29", "asm-1-30"] } },
};

test("some pods of a workload are older than the label of their namespace", () => {
  const add = [pod("orders/api-1", undefined), pod("orders/api-2", "asm-1-30")];
  expect(complaints(sidecars, { add })).toMatchInlineSnapshot(`
    "failed Deployment orders/api: 1 of 2 pods without a sidecar. The namespace's label istio.io/rev selects asm-1-30.
      Pods that are older than the label have none. Restart it.
      $ kubectl rollout restart deployment/api --namespace orders"
  `);
});

test("pods have a sidecar of another revision that runs", () => {
  const add = [...revisionObjects("asm-1-29"), pod("orders/api-1", "asm-1-29")];
  expect(complaints(sidecars, { add, cluster: both })).toMatchInlineSnapshot(`
    "failed Deployment orders/api: 1 of 1 pod with a sidecar of asm-1-29 instead of asm-1-30. The namespace's label istio.io/rev selects asm-1-30.
      Restart it.
      $ kubectl rollout restart deployment/api --namespace orders"
  `);
});

test("pods have a sidecar of a revision that does not run", () => {
  const add = [pod("orders/api-1", "asm-1-29"), pod("batch/report-2", "asm-1-29")];
  expect(complaints(sidecars, { add })).toMatchInlineSnapshot(`
    "failed Deployment batch/report: 1 of 2 pods: the proxy is of asm-1-29, which does not run, so it gets no more configuration and certificates. Neither the namespace nor the pod has the label istio.io/rev.
      A restart takes the workload out of the mesh. To keep it in, correct the labels before you restart it.
    failed Deployment orders/api: 1 of 1 pod: the proxy is of asm-1-29, which does not run, so it gets no more configuration and certificates. The namespace's label istio.io/rev selects asm-1-30.
      Restart it.
      $ kubectl rollout restart deployment/api --namespace orders"
  `);
});

test("pods have a sidecar that new ones would not get", () => {
  expect(complaints(sidecars, { add: [pod("batch/report-2", "asm-1-30")] })).toMatchInlineSnapshot(`
    "warning Deployment batch/report: 1 of 2 pods with a sidecar that a new pod would not get. Neither the namespace nor the pod has the label istio.io/rev.
      If its manifest has the sidecar (aks-istio inject), this is right. Otherwise, a restart takes the workload out of the mesh. To keep it in, correct the labels before you restart it."
  `);
});

test("no workload has the right sidecar, so nothing is said to be fine", () => {
  const patch = { "Namespace orders": { metadata: { labels: { "istio.io/rev": "asm-1-29" } } } };
  const said = sidecars.judge(observed({ patch }));
  expect(said.map(({ outcome, subject }) => `${outcome} ${subject}`)).toEqual([
    "warning Deployment orders/web",
  ]);
  // Then a restart would take it out of the mesh.
  expect(said.flatMap(({ commands = [] }) => commands)).toEqual([]);
});

test("the namespace follows a tag of a revision that does not run", () => {
  const tag = object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "prod", {
    labels: { "istio.io/rev": "asm-1-29", "istio.io/tag": "prod" },
  });
  const patch = { "Namespace orders": { metadata: { labels: { "istio.io/rev": "prod" } } } };
  expect(complaints(sidecars, { patch, add: [tag] })).toMatchInlineSnapshot(`
    "warning Deployment orders/web: 2 of 2 pods with a sidecar that a new pod would not get. The tag prod points to asm-1-29, which the cluster does not run, so its webhook fails and the pod is not created.
      If its manifest has the sidecar (aks-istio inject), this is right. Otherwise, a restart fails. Point the revision tag to a revision that runs before you restart the workload."
  `);
});

test("a pod without a controller, and one of a Job", () => {
  const alone = pod("orders/debug", undefined);
  const add = [
    { ...alone, metadata: { ...alone.metadata, ownerReferences: [] } },
    {
      ...alone,
      metadata: {
        ...alone.metadata,
        name: "import-1",
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name: "import", uid: "2", controller: true },
        ],
      },
    },
  ];
  expect(complaints(sidecars, { add })).toMatchInlineSnapshot(`
    "failed Pod orders/debug: 1 of 1 pod without a sidecar. The namespace's label istio.io/rev selects asm-1-30.
      Pods that are older than the label have none. Delete the pod and create it again: nothing else does.
    failed Job orders/import: 1 of 1 pod without a sidecar. The namespace's label istio.io/rev selects asm-1-30.
      Pods that are older than the label have none. Replace its pods: kubectl cannot restart a Job. Those of a Job end by themselves."
  `);
});

test("pods that have ended, or are about to, are not judged", () => {
  const ended = { ...pod("orders/old-1", undefined), status: { phase: "Succeeded" } };
  const leaving = pod("orders/old-2", undefined);
  const deletionTimestamp = "2026-11-29T11:59:00Z";
  const add = [ended, { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp } }];
  expect(complaints(sidecars, { add })).toBe("");
});

test("a pod opts out of the sidecar by its label", () => {
  const out = pod("orders/out-1", undefined);
  const labels = { "sidecar.istio.io/inject": "false" };
  expect(complaints(sidecars, { add: [{ ...out, metadata: { ...out.metadata, labels } }] })).toBe(
    "",
  );
});

test("sidecars are older than what their revision injects", () => {
  const add = [pod("orders/api-1", "asm-1-30", "v1.30.1"), pod("orders/api-2", "asm-1-30")];
  expect(complaints(proxyVersions, { add })).toMatchInlineSnapshot(`
    "failed Deployment orders/api: 1 of 2 pods with a sidecar of 1.30.1, while asm-1-30 injects 1.30.2.
      The release may fix a vulnerability. Restart it.
      $ kubectl rollout restart deployment/api --namespace orders"
  `);
});

test.each(["1.30.2", "v1.30.2-distroless", "v1.30.2-debug"])("%s is the same release", (tag) => {
  expect(complaints(proxyVersions, { add: [pod("orders/api-1", "asm-1-30", tag)] })).toBe("");
});

test.each(["v1.30.3", "v1.30.2-1", "v1.30.20"])("%s is another release", (tag) => {
  expect(complaints(proxyVersions, { add: [pod("orders/api-1", "asm-1-30", tag)] })).toContain(
    `with a sidecar of ${tag.slice(1)}, while asm-1-30 injects 1.30.2.`,
  );
});

test("each sidecar is compared with its own revision, also during a canary", () => {
  const add = [
    ...revisionObjects("asm-1-29", "v1.29.4"),
    pod("orders/api-1", "asm-1-29", "v1.29.4"),
    pod("orders/web-3", "asm-1-29", "v1.29.3"),
  ];
  expect(complaints(proxyVersions, { add, cluster: both })).toContain(
    "failed Deployment orders/web: 1 of 3 pods with a sidecar of 1.29.3, while asm-1-29 injects 1.29.4.",
  );
});

test("a pod that chooses its image is not compared", () => {
  const own = pod("orders/own-1", "asm-1-30", "v1.28.0");
  const annotations = { ...own.metadata.annotations, "sidecar.istio.io/proxyImage": "x/y:1" };
  const add = [{ ...own, metadata: { ...own.metadata, annotations } }];
  expect(complaints(proxyVersions, { add })).toBe("");
});

const INJECTOR = "ConfigMap aks-istio-system/istio-sidecar-injector-asm-1-30";

test("the injector may name a whole image; without it, the image of istiod decides", () => {
  const image = "mcr.microsoft.com/oss/istio/proxyv2:1.30.5-distroless";
  const values = JSON.stringify({ global: { tag: "1.30.2", proxy: { image } } });
  expect(complaints(proxyVersions, { patch: { [INJECTOR]: { data: { values } } } })).toContain(
    "asm-1-30 injects 1.30.5.",
  );
  expect(complaints(proxyVersions, { remove: [INJECTOR] })).toBe("");
  const containers = [{ name: "discovery", image: "mcr.microsoft.com/pilot:v1.30.6" }];
  const patch = {
    "Deployment aks-istio-system/istiod-asm-1-30": {
      spec: { template: { spec: { containers } } },
    },
  };
  expect(complaints(proxyVersions, { remove: [INJECTOR], patch })).toContain("injects 1.30.6.");
});

test("it is said if nothing names the release", () => {
  const containers = [{ name: "discovery", image: "pilot" }];
  const patch = {
    "Deployment aks-istio-system/istiod-asm-1-30": {
      spec: { template: { spec: { containers } } },
    },
  };
  expect(complaints(proxyVersions, { remove: [INJECTOR], patch })).toMatchInlineSnapshot(`
    "unchecked revision asm-1-30: Neither ConfigMap aks-istio-system/istio-sidecar-injector-asm-1-30 nor the image of istiod says which release it injects.
      Compare the images of istiod and of the sidecars yourself."
  `);
});

test("whether pods of a namespace that was not read need a sidecar is not known", () => {
  const add = [pod("gone/web-1", undefined), pod("gone/web-2", undefined)];
  expect(complaints(sidecars, { add })).toMatchInlineSnapshot(`
    "unchecked Namespace gone: It was not read, but pods of it were: whether they need a sidecar is not known.
      Read all namespaces and pods at once: kubectl get namespaces,pods -A -o json."
  `);
});
