import { expect, test } from "vitest";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import { KINDS } from "../../../operate/cluster/kinds.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import { CHECK_NAMES, kindsToVerify, verifyMesh } from "../../../operate/verify/checks.ts";
import { NOW, aks, observed } from "./healthyMesh.ts";

const lines = (mesh: Parameters<typeof verifyMesh>[0], skip: readonly string[] = []) =>
  verifyMesh(mesh, skip).map(
    ({ check, outcome, subject, message }) => `${outcome} ${check} | ${subject} | ${message}`,
  );

test("a healthy mesh passes every check, and each says what it saw", () => {
  expect(lines(observed())).toMatchInlineSnapshot(`
    [
      "passed mesh-mode | cluster orders | ARM has the mode Istio.",
      "passed mesh-revisions | cluster orders | ARM lists asm-1-30, as the stack prod wants.",
      "passed control-plane | Deployment aks-istio-system/istiod-asm-1-30 | All its pods are available.",
      "passed gateways | Deployment aks-istio-ingress/aks-istio-ingressgateway-external-asm-1-30 | All its pods are available.",
      "passed gateways | Service aks-istio-ingress/aks-istio-ingressgateway-external | Its address is 203.0.113.7.",
      "passed gateway-api | Gateway orders/edge | istiod has programmed it.",
      "passed webhooks | MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system | The API server can verify istiod. Its CA is valid until 2036-01-01.",
      "passed webhooks | ValidatingWebhookConfiguration istio-validator-asm-1-30-aks-istio-system | The API server can verify istiod. Its CA is valid until 2036-01-01.",
      "passed mesh-config | shared ConfigMaps | asm-1-30 has one.",
      "passed namespace-labels | namespaces | 1 namespace in the mesh, with labels of revisions that run.",
      "passed sidecars | workloads | 1 workload in the mesh with the right sidecar in every pod.",
      "passed proxy-versions | workloads | 1 workload with sidecars of the release that their revision injects (asm-1-30: 1.30.2).",
      "passed ca-certificates | ConfigMap aks-istio-system/istio-ca-root-cert | The root of the mesh is valid until 2036-01-01.",
      "passed ca-certificates | Secret aks-istio-system/cacerts | The CA of the mesh is valid until 2027-12-31.",
      "passed gateway-certificates | Secret aks-istio-ingress/shop-tls | The certificate of the gateways orders/shop and orders/edge is valid until 2026-12-31.",
      "passed metrics | scraping of the mesh | PodMonitor aks-istio-system/envoy-stats asks for it. A query of istio_requests_total in the workspace shows whether metrics arrive.",
      "passed flux | Flux | 2 objects ready at the current version.",
      "passed leftovers | cluster | No other mesh, and nothing of a revision that does not run.",
    ]
  `);
});

test("no check says nothing, also of a cluster without anything", () => {
  const state = new ClusterState(
    "nothing",
    (Object.keys(KINDS) as KindName[]).map((kind) => [kind, []]),
  );
  const said = verifyMesh({ ...observed({ wanted: undefined }), state }, []);
  expect([...new Set(said.map(({ check }) => check))]).toEqual(CHECK_NAMES);
});

test("--skip leaves out a check, and does not read what only it needs", () => {
  expect(lines(observed(), ["flux"]).some((line) => line.includes(" flux "))).toBe(false);
  expect(kindsToVerify([])).toContain("helm.toolkit.fluxcd.io/HelmRelease");
  expect(kindsToVerify(["flux"])).not.toContain("helm.toolkit.fluxcd.io/HelmRelease");
  expect(kindsToVerify(["gateway-certificates"])).toContain("Secret");
  expect(kindsToVerify(["gateway-certificates", "ca-certificates"])).not.toContain("Secret");
});

test("what could not be read is unchecked, and the rest is judged", () => {
  const mesh = observed({
    unread: ["Secret"],
    cluster: { reason: "No sign-in.", fix: "az login" },
  });
  expect(lines(mesh).filter((line) => line.startsWith("unchecked"))).toEqual([
    "unchecked mesh-mode | cluster | No sign-in.",
    "unchecked mesh-revisions | revisions | No sign-in.",
    "unchecked ca-certificates | Secrets with a CA of istiod | You may not list Secret.",
    "unchecked gateway-certificates | Secret | You may not list Secret.",
  ]);
  expect(lines(mesh).filter((line) => line.startsWith("failed"))).toEqual([]);
});

test("without a stack, what runs is compared with what ARM lists", () => {
  expect(
    lines(observed({ wanted: undefined })).filter((line) => !line.startsWith("passed")),
  ).toEqual([]);
  const old = { ...aks, serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } } };
  const failed = verifyMesh(observed({ wanted: undefined, cluster: old, now: NOW }), []).filter(
    ({ outcome }) => outcome === "failed",
  );
  expect([...new Set(failed.map(({ check }) => check))]).toEqual([
    "control-plane",
    "webhooks",
    "mesh-config",
    "sidecars",
    "leftovers",
  ]);
});
