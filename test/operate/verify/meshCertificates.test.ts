import { expect, test } from "vitest";
import { caCertificates } from "../../../operate/verify/caCertificates.ts";
import { gatewayCertificates } from "../../../operate/verify/gatewayCertificates.ts";
import { impostorPem, intermediatePem, leafPem, otherPem } from "./certificates.ts";
import { base64, complaints, object } from "./healthyMesh.ts";

const ROOT = "ConfigMap aks-istio-system/istio-ca-root-cert";
const CA = "Secret aks-istio-system/cacerts";
const TLS = "Secret aks-istio-ingress/shop-tls";

test("istiod has not published its root", () => {
  const change = { remove: [ROOT, CA] };
  expect(complaints(caCertificates, change)).toMatchInlineSnapshot(`
    "failed ConfigMap aks-istio-system/istio-ca-root-cert: It does not exist, or has no certificate in root-cert.pem: proxies cannot verify istiod.
      istiod writes it. Look at istiod's log.
      $ kubectl logs --namespace aks-istio-system --selector app=istiod --tail 100"
  `);
  const patch = { [ROOT]: { data: { "root-cert.pem": "nonsense" } } };
  expect(complaints(caCertificates, { ...change, remove: [CA], patch })).toContain(
    `failed ${ROOT}`,
  );
});

test("the root, or the CA, is about to end, or has ended", () => {
  const at = (now: string) => complaints(caCertificates, { now: new Date(now) });
  expect(at("2027-12-10T00:00:00Z")).toBe("");
  expect(at("2027-12-10T00:00:01Z")).toMatchInlineSnapshot(`
    "warning Secret aks-istio-system/cacerts: The CA of the mesh ends on 2027-12-31, in 20 days.
      Rotate the root: https://learn.microsoft.com/azure/aks/istio-plugin-ca"
  `);
  expect(at("2028-01-01T00:00:00Z")).toContain(
    `failed ${CA}: The CA of the mesh ended on 2027-12-31.`,
  );
  expect(at("2036-01-02T00:00:00Z")).toContain(
    `failed ${ROOT}: The root of the mesh ended on 2036-01-01.`,
  );
});

test("a namespace has another root", () => {
  const patch = { "ConfigMap orders/istio-ca-root-cert": { data: { "root-cert.pem": otherPem } } };
  expect(complaints(caCertificates, { patch })).toMatchInlineSnapshot(`
    "failed ConfigMap istio-ca-root-cert in orders: It has another root than that in aks-istio-system: proxies there do not trust istiod.
      istiod corrects it while it runs. If another Istio writes it, remove that one.
      $ kubectl delete configmap istio-ca-root-cert --namespace orders"
  `);
});

test("the CA is signed by another root", () => {
  const patch = { [CA]: { data: { "ca-cert.pem": base64(leafPem) } } };
  expect(complaints(caCertificates, { patch })).toMatchInlineSnapshot(`
    "failed Secret aks-istio-system/cacerts: Its CA is not signed by the root that proxies trust, so they reject each other's certificates.
      Restart istiod, so that it publishes the root of this CA, and then the workloads.
      $ kubectl rollout restart deployment --namespace aks-istio-system"
  `);
  // The root has the right name, and another key.
  const roots = { data: { "root-cert.pem": impostorPem } };
  const both = { [ROOT]: roots, "ConfigMap orders/istio-ca-root-cert": roots };
  expect(complaints(caCertificates, { patch: both })).toContain("is not signed by the root");
});

test("a CA without a certificate", () => {
  const patch = { [CA]: { data: { "ca-cert.pem": "" } } };
  expect(complaints(caCertificates, { patch })).toContain(
    `failed ${CA}: It has no certificate in ca-cert.pem.`,
  );
});

test("without the right to list Secrets, the root is judged and the CA is not", () => {
  expect(complaints(caCertificates, { unread: ["Secret"] })).toMatchInlineSnapshot(`
    "unchecked Secrets with a CA of istiod: You may not list Secret.
      Ask."
  `);
});

test("the Secret of a gateway does not exist", () => {
  expect(complaints(gatewayCertificates, { remove: [TLS] })).toMatchInlineSnapshot(`
    "failed Secret aks-istio-ingress/shop-tls: It does not exist, so the gateways orders/shop and orders/edge cannot serve TLS.
      Create it in this namespace. With a certificate in Key Vault, look at the pod that mounts it.
      $ kubectl get secretproviderclasspodstatuses --namespace aks-istio-ingress"
  `);
});

test("the Secret of a gateway has no certificate", () => {
  const patch = { [TLS]: { data: { "tls.crt": base64("nonsense") } } };
  expect(complaints(gatewayCertificates, { patch })).toMatchInlineSnapshot(`
    "failed Secret aks-istio-ingress/shop-tls: It has no certificate in tls.crt, so the gateways orders/shop and orders/edge cannot serve TLS.
      Put a certificate with its chain into tls.crt, in PEM."
  `);
});

test("the certificate of a gateway is about to end, or has ended", () => {
  const at = (now: string) => complaints(gatewayCertificates, { now: new Date(now) });
  expect(at("2026-12-10T00:00:00Z")).toBe("");
  expect(at("2026-12-10T00:00:01Z")).toMatchInlineSnapshot(`
    "warning Secret aks-istio-ingress/shop-tls: The certificate of the gateways orders/shop and orders/edge ends on 2026-12-31, in 20 days.
      Renew it where it is issued."
  `);
  expect(at("2027-01-01T00:00:00Z")).toContain("ended on 2026-12-31.");
});

test("of a chain, the certificate that ends first decides", () => {
  const patch = { [TLS]: { data: { "tls.crt": base64(intermediatePem + leafPem) } } };
  const now = new Date("2026-12-20T00:00:00Z");
  expect(complaints(gatewayCertificates, { patch, now })).toContain(
    "ends on 2026-12-31, in 11 days.",
  );
});

function gatewayPod(place: string, labels: Readonly<Record<string, string>>) {
  const spec = { containers: [{ name: "istio-proxy", args: ["proxy", "router"] }] };
  return object("v1", "Pod", place, { labels, spec, status: { phase: "Running" } });
}

test("the Secret is looked for where the gateway's pods are", () => {
  const add = [
    object("networking.istio.io/v1", "Gateway", "orders/own", {
      spec: {
        selector: { istio: "own" },
        servers: [{ tls: { credentialName: "own-tls" } }, { tls: { credentialNames: ["a", "b"] } }],
      },
    }),
    gatewayPod("edge/own-1", { istio: "own" }),
    object("v1", "Pod", "apps/own-2", { labels: { istio: "own" }, status: { phase: "Running" } }),
  ];
  const secrets = complaints(gatewayCertificates, { add }).match(/Secret \S+(?=:)/g);
  expect(secrets).toEqual(["Secret edge/a", "Secret edge/b", "Secret edge/own-tls"]);
});

test("a Gateway without a selector is of every gateway, and of nothing else", () => {
  const servers = [{ tls: { credentialName: "own-tls" } }];
  const add = [
    object("networking.istio.io/v1", "Gateway", "orders/own", { spec: { servers } }),
    gatewayPod("edge/own-1", {}),
  ];
  const secrets = complaints(gatewayCertificates, { add }).match(/Secret \S+own-tls(?=:)/g);
  expect(secrets).toEqual(["Secret aks-istio-ingress/own-tls", "Secret edge/own-tls"]);
});

test("the keys of a generic Secret are read, too", () => {
  const patch = { [TLS]: { data: { "tls.crt": null, cert: base64(leafPem) } } };
  expect(complaints(gatewayCertificates, { patch })).toBe("");
});
