import { expect, test } from "vitest";
import { controlPlane } from "../../../operate/verify/controlPlane.ts";
import { aks, allComplaints, complaints, revisionObjects } from "./healthyMesh.ts";

const ISTIOD = "Deployment aks-istio-system/istiod-asm-1-30";

test("istiod does not exist", () => {
  expect(complaints(controlPlane, { remove: [ISTIOD] })).toMatchInlineSnapshot(`
    "failed Deployment aks-istio-system/istiod-asm-1-30: It does not exist, so asm-1-30 has no control plane.
      Wait until AKS has created it, or let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders"
  `);
});

test.each([
  [{ status: { availableReplicas: 1 } }, "It has 1 of 2 pods available."],
  [{ status: { availableReplicas: null } }, "It has 0 of 2 pods available."],
  [{ status: { updatedReplicas: 1 } }, "It has 1 of 2 pods of its current version."],
  [{ status: { replicas: 3 } }, "It still has 1 pod of an older version."],
  [{ status: { replicas: 4 } }, "It still has 2 pods of an older version."],
  [{ metadata: { generation: 2 } }, "It has a change that Kubernetes has not applied yet."],
  [{ spec: { replicas: 0 } }, "It wants no pods."],
])("istiod is not ready: %o", (patch, message) => {
  expect(complaints(controlPlane, { patch: { [ISTIOD]: patch } })).toBe(
    `failed ${ISTIOD}: ${message}
  Look at its pods and their events.
  $ kubectl describe pods --namespace aks-istio-system --selector app=istiod,istio.io/rev=asm-1-30`,
  );
});

test("a revision runs that should not", () => {
  const add = revisionObjects("asm-1-29");
  expect(complaints(controlPlane, { add })).toMatchInlineSnapshot(`
    "failed Deployment aks-istio-system/istiod-asm-1-29: It runs, but asm-1-29 is not a revision that should run.
      AKS removes it when a canary upgrade is completed or rolled back. Wait, or let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders"
  `);
});

test("no revision runs", () => {
  const cluster = { reason: "No sign-in.", fix: "az login" };
  const change = { remove: [ISTIOD], cluster, wanted: undefined };
  expect(complaints(controlPlane, change)).toMatchInlineSnapshot(`
    "failed Namespace aks-istio-system: It has no Deployment istiod-asm-…, so no revision of the add-on runs.
      Enable the mesh."
  `);
});

test("during a canary, both revisions must be ready", () => {
  const istio = { revisions: ["asm-1-30", "asm-1-31"] };
  const cluster = {
    ...aks,
    serviceMeshProfile: { ...aks.serviceMeshProfile, mode: "Istio", istio },
  };
  expect(complaints(controlPlane, { cluster })).toContain("istiod-asm-1-31: It does not exist");
  expect(complaints(controlPlane, { cluster, add: revisionObjects("asm-1-31") })).toBe("");
});

test("a lost istiod also explains what is said of its namespaces", () => {
  const said = allComplaints({ remove: [ISTIOD] });
  expect(said.split("\n").filter((line) => line.startsWith("failed"))).toEqual([
    `failed ${ISTIOD}: It does not exist, so asm-1-30 has no control plane.`,
    "failed Namespace orders: Its label istio.io/rev=asm-1-30 names no revision that runs, and no revision tag: its pods get no sidecar.",
  ]);
});
