import { expect, test } from "vitest";
import { flux } from "../../../operate/verify/flux.ts";
import { leftovers } from "../../../operate/verify/leftovers.ts";
import { metrics } from "../../../operate/verify/metrics.ts";
import {
  aks,
  complaints,
  deployment,
  namespace,
  object,
  revisionObjects,
  stack,
} from "./healthyMesh.ts";

const AGENT = "Deployment kube-system/ama-metrics";
const NODE_AGENT = "DaemonSet kube-system/ama-metrics-node";
const MONITOR = "PodMonitor aks-istio-system/envoy-stats";
const off = { ...aks, azureMonitorProfile: { metrics: { enabled: false } } };

test("the agent of managed Prometheus does not exist", () => {
  const remove = [AGENT, NODE_AGENT];
  expect(complaints(metrics, { remove })).toMatchInlineSnapshot(`
    "failed Deployment kube-system/ama-metrics: The agent of managed Prometheus does not exist.
      Enable managed Prometheus.
      $ pulumi up --stack prod"
  `);
  expect(complaints(metrics, { remove, wanted: undefined })).toMatchInlineSnapshot(`
    "failed Deployment kube-system/ama-metrics: The agent of managed Prometheus does not exist.
      Enable managed Prometheus.
      $ az aks update --resource-group 'mesh(prod)' --name orders --enable-azure-monitor-metrics"
  `);
  // Nobody wants it.
  expect(complaints(metrics, { remove, wanted: undefined, cluster: off })).toBe("");
  expect(complaints(metrics, { remove, wanted: { ...stack, metrics: false } })).toBe("");
});

test("the agents are not ready", () => {
  const patch = {
    [AGENT]: { status: { availableReplicas: 1 } },
    [NODE_AGENT]: { status: { numberAvailable: 2 } },
  };
  expect(complaints(metrics, { patch })).toMatchInlineSnapshot(`
    "failed Deployment kube-system/ama-metrics: It has 1 of 2 pods available.
      Look at its pods and their events.
      $ kubectl describe deployment ama-metrics --namespace kube-system
    failed DaemonSet kube-system/ama-metrics-node: It has 2 of 3 pods available.
      Look at its pods and their events.
      $ kubectl describe daemonset ama-metrics-node --namespace kube-system"
  `);
});

test("nothing asks for the metrics of the mesh", () => {
  expect(complaints(metrics, { remove: [MONITOR] })).toMatchInlineSnapshot(`
    "failed scraping of the mesh: No PodMonitor, ServiceMonitor or scrape configuration asks for the metrics of istiod or proxies.
      Create monitors of azmonitoring.coreos.com/v1, as a stack with observability does: https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd."
  `);
});

test.each([
  ["ama-metrics-prometheus-config", "prometheus-config", "scrape_configs: [{job_name: istio}]"],
  [
    "ama-metrics-settings-configmap",
    "pod-annotation-based-scraping",
    'podannotationnamespaceregex = "orders"',
  ],
])("the ConfigMap %s may ask for them instead", (name, key, text) => {
  const configMap = (value: string) =>
    object("v1", "ConfigMap", `kube-system/${name}`, { data: { [key]: value } });
  expect(complaints(metrics, { remove: [MONITOR], add: [configMap(text)] })).toBe("");
  const empty = [configMap('podannotationnamespaceregex = ""')];
  expect(complaints(metrics, { remove: [MONITOR], add: empty })).toContain("scraping of the mesh");
});

const KUSTOMIZATION = "Kustomization flux-system/apps";
const GIT = "GitRepository flux-system/apps";

const notReady = (message: string) => ({
  status: { conditions: [{ type: "Ready", status: "False", reason: "BuildFailed", message }] },
});

test("Flux could not apply a source, and its credentials are not shown", () => {
  const patch = {
    [KUSTOMIZATION]: notReady("kustomization path not found"),
    [GIT]: notReady("failed to clone https://user:token@git.example.com/apps"),
  };
  expect(complaints(flux, { patch })).toMatchInlineSnapshot(`
    "failed GitRepository flux-system/apps: It has Ready False (BuildFailed: failed to clone https://git.example.com/apps).
      Correct what the message names, in the repository or its access, and let Flux try again.
      $ flux reconcile source git apps --namespace flux-system
    failed Kustomization flux-system/apps: It has Ready False (BuildFailed: kustomization path not found).
      Correct what the message names, in the repository or its access, and let Flux try again.
      $ flux reconcile kustomization apps --namespace flux-system"
  `);
});

test("Flux has not seen a change yet, or says nothing yet", () => {
  const patch = { [KUSTOMIZATION]: { metadata: { generation: 2 } }, [GIT]: { status: null } };
  expect(complaints(flux, { patch })).toMatchInlineSnapshot(`
    "failed GitRepository flux-system/apps: It has no condition Ready yet.
      Correct what the message names, in the repository or its access, and let Flux try again.
      $ flux reconcile source git apps --namespace flux-system
    failed Kustomization flux-system/apps: It has a change that its controller has not seen yet.
      Correct what the message names, in the repository or its access, and let Flux try again.
      $ flux reconcile kustomization apps --namespace flux-system"
  `);
});

test("a HelmRelease is judged like a Kustomization", () => {
  const add = [
    object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "orders/web", notReady("no chart")),
  ];
  expect(complaints(flux, { add })).toContain(
    "$ flux reconcile helmrelease web --namespace orders",
  );
});

test("Flux is suspended", () => {
  expect(complaints(flux, { patch: { [KUSTOMIZATION]: { spec: { suspend: true } } } }))
    .toMatchInlineSnapshot(`
    "warning Kustomization flux-system/apps: It is suspended, so Flux does not apply changes.
      Resume it.
      $ flux resume kustomization apps --namespace flux-system"
  `);
});

test("the stack has a repository, and Flux has none", () => {
  expect(complaints(flux, { remove: [KUSTOMIZATION, GIT] })).toMatchInlineSnapshot(`
    "failed Flux: The stack prod has a source, but the cluster has 0 sources and 0 Kustomizations.
      Wait until the extension microsoft.flux has created them, or deploy the stack.
      $ pulumi up --stack prod"
  `);
  expect(complaints(flux, { remove: [KUSTOMIZATION, GIT], wanted: undefined })).toBe("");
});

test("the source of the stack is a bucket", () => {
  const bucket = (fields: ReturnType<typeof notReady> | { readonly status: object }) =>
    object("source.toolkit.fluxcd.io/v1", "Bucket", "flux-system/gitops", fields);
  const ready = { observedGeneration: 1, conditions: [{ type: "Ready", status: "True" }] };
  expect(complaints(flux, { remove: [GIT], add: [bucket({ status: ready })] })).toBe("");
  expect(complaints(flux, { remove: [GIT], add: [bucket(notReady("access denied"))] })).toContain(
    "$ flux reconcile source bucket gitops --namespace flux-system",
  );
});

test("another Istio runs", () => {
  const add = [
    namespace("istio-system"),
    deployment("istio-system/istiod", { app: "istiod" }, "pilot:1"),
  ];
  expect(complaints(leftovers, { add })).toMatchInlineSnapshot(`
    "failed Deployment istio-system/istiod: It is the control plane of another Istio, which AKS does not support beside the add-on.
      Move the workloads that it serves to a revision of the add-on, and uninstall it without --purge, which would also delete the definitions of the add-on.
      $ istioctl proxy-status --istioNamespace istio-system"
  `);
});

test("another Istio has left its namespace", () => {
  expect(complaints(leftovers, { add: [namespace("istio-system")] })).toMatchInlineSnapshot(`
    "warning Namespace istio-system: It is left over from another Istio: it has no Deployment.
      Delete it, if nothing in it is needed.
      $ kubectl get all --namespace istio-system"
  `);
});

const injector = (name: string, namespaceOfIstiod: string, labels = {}) =>
  object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", name, {
    labels,
    webhooks: [
      {
        name: "namespace.sidecar-injector.istio.io",
        clientConfig: { service: { name: "istiod", namespace: namespaceOfIstiod } },
      },
    ],
  });

test("webhooks of another Istio, of OSM, and of a revision that does not run", () => {
  const add = [
    injector("istio-sidecar-injector", "istio-system"),
    object(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      "aks-osm-webhook-osm",
    ),
    ...revisionObjects("asm-1-29").filter(({ kind }) => kind.endsWith("WebhookConfiguration")),
  ];
  expect(complaints(leftovers, { add })).toMatchInlineSnapshot(`
    "failed MutatingWebhookConfiguration istio-sidecar-injector: It is a webhook of another Istio, which AKS does not support beside the add-on.
      Delete it, after its control plane.
      $ kubectl delete mutatingwebhookconfiguration istio-sidecar-injector
    failed MutatingWebhookConfiguration aks-osm-webhook-osm: It is left over from Open Service Mesh, with which the add-on is incompatible.
      Disable the OSM add-on, and delete what remains.
      $ kubectl delete mutatingwebhookconfiguration aks-osm-webhook-osm
    failed MutatingWebhookConfiguration istio-sidecar-injector-asm-1-29-aks-istio-system: It is left over from asm-1-29, which does not run: what it selects cannot be created.
      Delete it.
      $ kubectl delete mutatingwebhookconfiguration istio-sidecar-injector-asm-1-29-aks-istio-system
    failed ValidatingWebhookConfiguration istio-validator-asm-1-29-aks-istio-system: It is left over from asm-1-29, which does not run: what it selects cannot be created.
      Delete it.
      $ kubectl delete validatingwebhookconfiguration istio-validator-asm-1-29-aks-istio-system"
  `);
});

test("webhooks of others, of a tag, and the add-on's validator without a revision are not leftovers", () => {
  const add = [
    object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "aks-node-mutating"),
    injector("istio-revision-tag-stable-aks-istio-system", "aks-istio-system", {
      "istio.io/tag": "stable",
      "istio.io/rev": "asm-1-29",
    }),
    object(
      "admissionregistration.k8s.io/v1",
      "ValidatingWebhookConfiguration",
      "istiod-default-validator",
      {
        labels: { "istio.io/rev": "default" },
        webhooks: [
          {
            name: "validation.istio.io",
            clientConfig: { service: { name: "istiod-asm-1-30", namespace: "aks-istio-system" } },
          },
        ],
      },
    ),
  ];
  expect(complaints(leftovers, { add })).toBe("");
});
