import type { ManagedCluster } from "@azure/arm-containerservice";
import { expect, test } from "vitest";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import { LEFTOVER_KINDS, judgeLeftovers } from "../../../operate/preflight/leftovers.ts";

const CLUSTER: ManagedCluster = { location: "westeurope", name: "shop" };
const WITH_MESH: ManagedCluster = {
  ...CLUSTER,
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
};

function stateOf(...objects: readonly ClusterObject[]): ClusterState {
  return new ClusterState(
    "files",
    LEFTOVER_KINDS.map((kind) => [
      kind,
      objects.filter((object) => nameOf(object.apiVersion, object.kind) === kind),
    ]),
  );
}

function definition(name: string): ClusterObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group: name.slice(name.indexOf(".") + 1) },
  };
}

const ISTIOS = definition("gateways.networking.istio.io");
const OTHERS = [definition("gateways.gateway.networking.k8s.io"), definition("a.notistio.io")];

test("the definitions of another Istio fail, but not those of the add-on", () => {
  expect(judgeLeftovers(stateOf(ISTIOS, ...OTHERS), CLUSTER)).toEqual([
    {
      check: "leftovers",
      outcome: "failed",
      subject: "definitions of Istio",
      message:
        "The cluster has 1 of another Istio: gateways.networking.istio.io. The add-on installs its own.",
      fix: "Back up their objects, which are deleted with them, uninstall the other Istio, and delete them.",
      commands: ["kubectl delete crd gateways.networking.istio.io"],
    },
  ]);
  const passed = {
    check: "leftovers",
    outcome: "passed",
    subject: "cluster",
    message: "No other mesh, and nothing of a revision that does not run.",
  };
  expect(judgeLeftovers(stateOf(ISTIOS), WITH_MESH)).toEqual([passed]);
  expect(judgeLeftovers(stateOf(...OTHERS), CLUSTER)).toEqual([passed]);
});

test("another control plane fails", () => {
  const istiod: ClusterObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "istiod", namespace: "istio-system", labels: { app: "istiod" } },
  };
  const observations = judgeLeftovers(stateOf(istiod), CLUSTER);
  expect(observations.map(({ outcome, subject }) => `${outcome} ${subject}`)).toEqual([
    "failed Deployment istio-system/istiod",
  ]);
});

test("what was not read is unchecked", () => {
  const state = new ClusterState("files", []);
  expect(judgeLeftovers(state, CLUSTER)).toEqual([
    {
      check: "leftovers",
      outcome: "unchecked",
      subject:
        "Namespace, Deployment, MutatingWebhookConfiguration, ValidatingWebhookConfiguration and CustomResourceDefinition",
      message:
        "Namespace, Deployment, MutatingWebhookConfiguration, ValidatingWebhookConfiguration and CustomResourceDefinition objects were not asked for.",
      fix: "Read them, too.",
    },
  ]);
});
