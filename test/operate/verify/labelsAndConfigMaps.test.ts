import { expect, test } from "vitest";
import { planMesh } from "../../../mesh/upgrade.ts";
import { namespaceLabels } from "../../../operate/verify/namespaceLabels.ts";
import { sharedConfigMaps } from "../../../operate/verify/sharedConfigMaps.ts";
import { aks, complaints, namespace, object, revisionObjects, stack } from "./healthyMesh.ts";

const labels = (patch: object) => ({ "Namespace orders": { metadata: { labels: patch } } });

test("a namespace has both labels", () => {
  const patch = labels({ "istio-injection": "enabled" });
  expect(complaints(namespaceLabels, { patch })).toMatchInlineSnapshot(`
    "failed Namespace orders: It has the labels istio.io/rev=asm-1-30 and istio-injection=enabled. With the second, the webhooks of asm-1-30 skip it, and its pods get no sidecar.
      Remove istio-injection, and restart its workloads.
      $ kubectl label namespace orders istio-injection-"
  `);
  // Its value does not matter.
  expect(
    complaints(namespaceLabels, { patch: labels({ "istio-injection": "disabled" }) }),
  ).toContain("istio-injection=disabled. With the second");
});

test("a namespace has only the label of an Istio without revisions", () => {
  const add = [namespace("legacy", { "istio-injection": "enabled" })];
  expect(complaints(namespaceLabels, { add })).toMatchInlineSnapshot(`
    "failed Namespace legacy: It has the label istio-injection=enabled, which the add-on ignores, and not istio.io/rev: its pods get no sidecar.
      Label it with a revision instead, and restart its workloads.
      $ kubectl label namespace legacy istio-injection- istio.io/rev=asm-1-30"
  `);
  const out = [namespace("legacy", { "istio-injection": "disabled" })];
  expect(complaints(namespaceLabels, { add: out })).toBe("");
});

test("a label names a revision that does not run", () => {
  const patch = labels({ "istio.io/rev": "asm-1-29" });
  expect(complaints(namespaceLabels, { patch, wanted: undefined })).toMatchInlineSnapshot(`
    "failed Namespace orders: Its label istio.io/rev=asm-1-29 names no revision that runs, and no revision tag: its pods get no sidecar.
      Label it with a revision that runs, and restart its workloads.
      $ kubectl label namespace orders istio.io/rev=asm-1-30 --overwrite"
  `);
});

test("a label that is a name in every object of JavaScript names no tag", () => {
  const patch = labels({ "istio.io/rev": "constructor" });
  expect(complaints(namespaceLabels, { patch })).toMatch(
    /^failed Namespace orders: Its label istio\.io\/rev=constructor names no revision that runs, and no revision tag/,
  );
});

test("a label names a tag", () => {
  const patch = labels({ "istio.io/rev": "stable" });
  const tag = (revision: string) =>
    object(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "istio-revision-tag-stable-aks-istio-system",
      { labels: { "istio.io/rev": revision, "istio.io/tag": "stable" } },
    );
  expect(complaints(namespaceLabels, { patch, add: [tag("asm-1-30")] })).toBe("");
  expect(complaints(namespaceLabels, { patch, add: [tag("asm-1-28")], wanted: undefined }))
    .toMatchInlineSnapshot(`
    "failed Namespace orders: Its label istio.io/rev=stable names a tag of asm-1-28, which does not run: its pods cannot be created.
      Label it with a revision that runs, and restart its workloads.
      $ kubectl label namespace orders istio.io/rev=asm-1-30 --overwrite"
  `);
});

test("a namespace does not follow the revision that the stack wants", () => {
  const plan = planMesh({
    settings: { revision: "asm-1-30", upgrade: { to: "asm-1-31", phase: "promoted" } },
    namespaces: { orders: { canary: false }, shop: { canary: false }, batch: { canary: false } },
  });
  const wanted = {
    ...stack,
    plan,
    namespaces: { inside: ["batch", "orders", "shop"], outside: [] },
  };
  const add = revisionObjects("asm-1-31");
  expect(complaints(namespaceLabels, { wanted, add })).toMatchInlineSnapshot(`
    "failed Namespace batch: It has no label istio.io/rev, and the stack prod wants asm-1-31.
      Deploy the stack, and restart the workloads of the namespace.
      $ pulumi up --stack prod
    failed Namespace orders: Its label istio.io/rev is asm-1-30, and the stack prod wants asm-1-31.
      Deploy the stack, and restart the workloads of the namespace.
      $ pulumi up --stack prod
    failed Namespace shop: It does not exist, but the stack prod wants it.
      Deploy the stack.
      $ pulumi up --stack prod"
  `);
});

test("a namespace that the stack keeps out is in the mesh", () => {
  const patch = { "Namespace batch": { metadata: { labels: { "istio.io/rev": "asm-1-30" } } } };
  expect(complaints(namespaceLabels, { patch })).toMatchInlineSnapshot(`
    "failed Namespace batch: It is in the mesh (istio.io/rev=asm-1-30), and the stack prod keeps it out.
      Remove the label and restart its workloads, or set mesh to true in the stack.
      $ kubectl label namespace batch istio.io/rev-"
  `);
});

const SHARED = "ConfigMap aks-istio-system/istio-shared-configmap-asm-1-30";

test("the shared ConfigMap that the stack wants does not exist", () => {
  expect(complaints(sharedConfigMaps, { remove: [SHARED] })).toMatchInlineSnapshot(`
    "failed ConfigMap aks-istio-system/istio-shared-configmap-asm-1-30: It does not exist, but the stack prod wants it.
      Deploy the stack, and restart the workloads that follow asm-1-30.
      $ pulumi up --stack prod"
  `);
  // A mesh without MeshConfig needs none.
  expect(complaints(sharedConfigMaps, { remove: [SHARED], wanted: undefined })).toBe("");
});

const both = {
  ...aks,
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30", "asm-1-31"] } },
};

test("an upgrade forgot the shared ConfigMap", () => {
  const forgotten = revisionObjects("asm-1-31").filter(
    ({ metadata }) => !metadata.name.startsWith("istio-shared-configmap-"),
  );
  const change = { cluster: both, wanted: undefined, add: forgotten };
  expect(complaints(sharedConfigMaps, change)).toMatchInlineSnapshot(`
    "failed ConfigMap aks-istio-system/istio-shared-configmap-asm-1-31: It does not exist, but asm-1-30 has one: asm-1-31 runs without the mesh's settings.
      Create it with the content of the other, and restart the workloads that follow asm-1-31.
      $ kubectl get configmap istio-shared-configmap-asm-1-30 --namespace aks-istio-system --output yaml"
  `);
});

test("a shared ConfigMap is left over, unless it prepares an upgrade", () => {
  const of = (revision: string) =>
    object("v1", "ConfigMap", `aks-istio-system/istio-shared-configmap-${revision}`);
  expect(complaints(sharedConfigMaps, { add: [of("asm-1-29")] })).toMatchInlineSnapshot(`
    "warning ConfigMap aks-istio-system/istio-shared-configmap-asm-1-29: It is left over from asm-1-29, which does not run.
      Delete it. If the stack created it, the next deployment does.
      $ kubectl delete configmap istio-shared-configmap-asm-1-29 --namespace aks-istio-system"
  `);
  expect(complaints(sharedConfigMaps, { add: [of("asm-1-31")] })).toBe("");
});
