import { expect, test } from "vitest";
import { planMesh } from "../../../mesh/upgrade.ts";
import { meshMode } from "../../../operate/verify/meshMode.ts";
import { meshRevisions } from "../../../operate/verify/meshRevisions.ts";
import { aks, complaints, stack } from "./healthyMesh.ts";

test("the cluster is stopped", () => {
  const cluster = { ...aks, powerState: { code: "Stopped" } };
  expect(complaints(meshMode, { cluster })).toMatchInlineSnapshot(`
    "failed cluster orders: It is stopped.
      Start it.
      $ az aks start --resource-group 'mesh(prod)' --name orders"
  `);
});

test("the mesh is disabled, or was never enabled", () => {
  const cluster = { ...aks, serviceMeshProfile: { mode: "Disabled" } };
  expect(complaints(meshMode, { cluster })).toMatchInlineSnapshot(`
    "failed cluster orders: ARM has serviceMeshProfile.mode Disabled, so the add-on is not installed.
      Enable the mesh.
      $ pulumi up --stack prod"
  `);
  const never = { ...aks };
  delete never.serviceMeshProfile;
  expect(complaints(meshMode, { cluster: never, wanted: undefined })).toMatchInlineSnapshot(`
    "failed cluster orders: ARM has serviceMeshProfile.mode Disabled, so the add-on is not installed.
      Enable the mesh.
      $ az aks mesh enable --resource-group 'mesh(prod)' --name orders"
  `);
});

test("an operation failed, or is under way", () => {
  const failed = { ...aks, provisioningState: "Failed" };
  expect(complaints(meshMode, { cluster: failed })).toMatchInlineSnapshot(`
    "failed cluster orders: Its provisioning state is Failed, so what runs may not be what ARM lists.
      Read why in the activity log, and let AKS reconcile the cluster.
      $ az aks show --resource-group 'mesh(prod)' --name orders --query status
      $ az aks update --resource-group 'mesh(prod)' --name orders"
  `);
  const updating = { ...aks, provisioningState: "Updating" };
  expect(complaints(meshMode, { cluster: updating })).toMatchInlineSnapshot(`
    "failed cluster orders: Its provisioning state is Updating, so what runs may not be what ARM lists.
      Wait until the operation is done.
      $ az aks wait --resource-group 'mesh(prod)' --name orders --updated"
  `);
});

const listing = (...revisions: readonly string[]) => ({
  ...aks,
  serviceMeshProfile: { mode: "Istio", istio: { revisions: [...revisions] } },
});

test("ARM lists no revision", () => {
  expect(complaints(meshRevisions, { cluster: listing() })).toMatchInlineSnapshot(`
    "failed cluster orders: ARM lists no revision of the mesh.
      Enable the mesh.
      $ pulumi up --stack prod"
  `);
});

test("ARM lists a revision that the stack does not know", () => {
  const cluster = listing("asm-1-30", "asm-1-31");
  expect(complaints(meshRevisions, { cluster })).toMatchInlineSnapshot(`
    "failed cluster orders: ARM lists asm-1-30 and asm-1-31, and the stack prod wants asm-1-30.
      Do not deploy the stack before its settings name asm-1-31, or no pod runs a proxy of it: the deployment would stop its control plane.
      $ npx aks-istio upgrade --stack prod"
  `);
});

test("ARM lacks a revision that the stack wants", () => {
  const plan = planMesh({
    settings: { revision: "asm-1-30", upgrade: { to: "asm-1-31", phase: "canary" } },
    namespaces: {},
  });
  const wanted = { ...stack, plan };
  expect(complaints(meshRevisions, { wanted })).toMatchInlineSnapshot(`
    "failed cluster orders: ARM lists asm-1-30, and the stack prod wants asm-1-30 and asm-1-31.
      Deploy the stack.
      $ pulumi up --stack prod"
  `);
  // The order in ARM means nothing.
  expect(complaints(meshRevisions, { wanted, cluster: listing("asm-1-31", "asm-1-30") })).toBe("");
});

test("the revisions are managed outside the stack", () => {
  const wanted = { ...stack, plan: undefined };
  expect(complaints(meshRevisions, { wanted, cluster: listing("asm-1-31") })).toBe("");
});
