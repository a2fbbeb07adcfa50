import { expect, test } from "vitest";
import { webhooks } from "../../../operate/verify/webhooks.ts";
import { impostorPem, leafPem, rootPem } from "./certificates.ts";
import { POD_RULES, base64, complaints, object } from "./healthyMesh.ts";

const INJECTOR = "MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system";
const VALIDATOR = "ValidatingWebhookConfiguration istio-validator-asm-1-30-aks-istio-system";

const entry = (fields: object) => ({
  webhooks: [
    {
      name: "rev.namespace.sidecar-injector.istio.io",
      clientConfig: { caBundle: base64(rootPem) },
      failurePolicy: "Fail",
      rules: POD_RULES,
      ...fields,
    },
  ],
});

test("a webhook does not exist", () => {
  expect(complaints(webhooks, { remove: [INJECTOR, VALIDATOR] })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system: It does not exist, so pods of asm-1-30 get no sidecar.
      AKS creates it with the revision. Let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders
    failed ValidatingWebhookConfiguration istio-validator-asm-1-30-aks-istio-system: It does not exist, so istiod of asm-1-30 does not reject invalid configuration.
      AKS creates it with the revision. Let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders"
  `);
});

test("the Service of the webhooks does not exist", () => {
  const remove = ["Service aks-istio-system/istiod-asm-1-30"];
  expect(complaints(webhooks, { remove })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system: The webhook rev.namespace.sidecar-injector.istio.io cannot be called: the Service aks-istio-system/istiod-asm-1-30 does not exist.
      AKS creates it with the revision. Let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders
    failed ValidatingWebhookConfiguration istio-validator-asm-1-30-aks-istio-system: The webhook rev.validation.istio.io cannot be called: the Service aks-istio-system/istiod-asm-1-30 does not exist.
      AKS creates it with the revision. Let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders"
  `);
});

test("a webhook has no CA", () => {
  const patch = { [INJECTOR]: entry({ clientConfig: {} }) };
  expect(complaints(webhooks, { patch })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system: The webhook rev.namespace.sidecar-injector.istio.io cannot be called: it has no caBundle.
      istiod writes its CA into its webhooks when it starts. Restart it.
      $ kubectl rollout restart deployment/istiod-asm-1-30 --namespace aks-istio-system"
  `);
});

test.each([
  [base64("nonsense"), "its caBundle is not a certificate"],
  // The name of the CA is right, and its key is not.
  [
    base64(impostorPem),
    "its caBundle is another CA than that of istiod in ConfigMap aks-istio-system/istio-ca-root-cert",
  ],
])("the API server cannot verify istiod", (caBundle, problem) => {
  const patch = { [INJECTOR]: entry({ clientConfig: { caBundle } }) };
  expect(complaints(webhooks, { patch })).toContain(
    `failed ${INJECTOR}: The webhook rev.namespace.sidecar-injector.istio.io cannot be called: ${problem}.`,
  );
});

test("the CA has ended, or is not valid yet", () => {
  const roots = { data: { "root-cert.pem": leafPem } };
  const patch = {
    [INJECTOR]: entry({ clientConfig: { caBundle: base64(leafPem) } }),
    [VALIDATOR]: entry({ clientConfig: { caBundle: base64(leafPem) } }),
    "ConfigMap aks-istio-system/istio-ca-root-cert": roots,
  };
  const at = (now: string) => complaints(webhooks, { patch, now: new Date(now) });
  expect(at("2026-12-31T00:00:00Z")).toBe("");
  expect(at("2026-12-31T00:00:01Z")).toContain("its caBundle ended on 2026-12-31.");
  expect(at("2026-08-31T23:59:59Z")).toContain("its caBundle is not valid before 2026-09-01.");
});

test("a root in rotation is two certificates, in any order", () => {
  const both = rootPem + impostorPem;
  const patch = {
    [INJECTOR]: entry({ clientConfig: { caBundle: base64(impostorPem + rootPem) } }),
    [VALIDATOR]: entry({ clientConfig: { caBundle: base64(both) } }),
    "ConfigMap aks-istio-system/istio-ca-root-cert": { data: { "root-cert.pem": both } },
  };
  expect(complaints(webhooks, { patch })).toBe("");
});

const REVISION_LABELLED = [{ key: "istio.io/rev", operator: "In", values: ["asm-1-29"] }];

test.each([
  ["has no rules", { rules: [] }],
  ["is about other objects", { rules: [{ ...POD_RULES[0], resources: ["services"] }] }],
  ["selects another revision", { namespaceSelector: { matchExpressions: REVISION_LABELLED } }],
])("a webhook %s", (_, fields) => {
  const patch = { [INJECTOR]: entry(fields), [VALIDATOR]: entry(fields) };
  expect(complaints(webhooks, { patch })).toBe(
    `failed ${INJECTOR}: None of its webhooks is called for a pod in a namespace with the label istio.io/rev=asm-1-30, so such pods get no sidecar.
  Its rules and selectors are Istio's own. Let AKS reconcile the cluster, or set the revision tag again.
  $ az aks update --resource-group 'mesh(prod)' --name orders`,
  );
});

test("a webhook fails open", () => {
  const lenient = entry({ failurePolicy: "Ignore" });
  const patch = { [INJECTOR]: lenient, [VALIDATOR]: lenient };
  expect(complaints(webhooks, { patch })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system: failurePolicy of rev.namespace.sidecar-injector.istio.io is not Fail: while istiod does not answer, pods start without a sidecar.
      AKS sets it. Let AKS reconcile the cluster.
      $ az aks update --resource-group 'mesh(prod)' --name orders
    warning ValidatingWebhookConfiguration istio-validator-asm-1-30-aks-istio-system: failurePolicy of rev.namespace.sidecar-injector.istio.io is not Fail: while istiod does not answer, the cluster accepts invalid Istio configuration.
      istiod sets it to Fail once it is ready. If it stays, restart istiod.
      $ kubectl rollout restart deployment/istiod-asm-1-30 --namespace aks-istio-system"
  `);
});

test("a revision tag points to a revision that does not run", () => {
  const tag = (revision: string) =>
    object(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "istio-revision-tag-stable-aks-istio-system",
      { labels: { "istio.io/rev": revision, "istio.io/tag": "stable" }, ...entry({}) },
    );
  expect(complaints(webhooks, { add: [tag("asm-1-29")] })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-revision-tag-stable-aks-istio-system: The tag stable points to asm-1-29, which does not run: pods that follow it cannot be created.
      Point the tag to a revision that runs.
      $ istioctl tag set stable --revision asm-1-30 --istioNamespace aks-istio-system --overwrite"
  `);
  expect(complaints(webhooks, { add: [tag("asm-1-30")] })).toBe("");
});
