import type { ManagedCluster } from "@azure/arm-containerservice";
import { labelOf } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import { KINDS, nameOf } from "../../../operate/cluster/kinds.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import type { Observation } from "../../../operate/observation.ts";
import type { Check } from "../../../operate/verify/check.ts";
import { verifyMesh } from "../../../operate/verify/checks.ts";
import type { ObservedMesh } from "../../../operate/verify/observedMesh.ts";
import type { WantedMesh } from "../../../operate/verify/wantedMesh.ts";
import { planMesh } from "../../../mesh/upgrade.ts";
import { intermediatePem, leafPem, rootPem } from "./certificates.ts";

export const NOW = new Date("2026-11-29T12:00:00Z");

export const base64 = (text: string) => Buffer.from(text).toString("base64");

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

export function object(
  apiVersion: string,
  kind: string,
  place: string,
  { labels, ...fields }: Fields & { readonly labels?: Texts } = {},
): ClusterObject {
  const [name = "", namespace] = place.split("/").reverse();
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    generation: 1,
  };
  return { apiVersion, kind, metadata, ...fields };
}

export function deployment(place: string, labels: Texts, image: string): ClusterObject {
  const ready = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
  return object("apps/v1", "Deployment", place, {
    labels,
    spec: {
      replicas: 2,
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "discovery", image }] },
      },
    },
    status: { observedGeneration: 1, ...ready },
  });
}

/** A pod of a Deployment, with a sidecar of a revision. */
export function pod(place: string, revision: string | undefined, tag = "v1.30.2"): ClusterObject {
  const [name = "", namespace = ""] = place.split("/").reverse();
  const app = { name: "app", image: "registry.example.com/app:1" };
  const proxy = {
    name: "istio-proxy",
    image: `mcr.microsoft.com/oss/v2/istio/proxyv2:${tag}`,
    restartPolicy: "Always",
    args: ["proxy", "sidecar"],
  };
  const template = name.slice(0, name.lastIndexOf("-"));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels: { app: template, "pod-template-hash": "6f7d9c" },
      ...(revision === undefined
        ? {}
        : { annotations: { "sidecar.istio.io/status": JSON.stringify({ revision }) } }),
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${template}-6f7d9c`,
          uid: "1",
          controller: true,
        },
      ],
    },
    spec: { containers: [app], ...(revision === undefined ? {} : { initContainers: [proxy] }) },
    status: { phase: "Running" },
  };
}

/** The rules of a webhook that injects sidecars. */
export const POD_RULES = [
  { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
];

/** The shapes are those of Istio's charts. */
function webhook(kind: string, prefix: string, revision: string, entry: string): ClusterObject {
  return object("admissionregistration.k8s.io/v1", kind, `${prefix}-${revision}-aks-istio-system`, {
    labels: { "istio.io/rev": revision },
    webhooks: [
      {
        name: entry,
        clientConfig: {
          service: { name: `istiod-${revision}`, namespace: "aks-istio-system", port: 443 },
          caBundle: base64(rootPem),
        },
        failurePolicy: "Fail",
        rules: POD_RULES,
        namespaceSelector: {
          matchExpressions: [{ key: "istio.io/rev", operator: "In", values: [revision] }],
        },
      },
    ],
  });
}

/** What AKS makes of a revision. */
export function revisionObjects(revision: string, tag = "v1.30.2"): readonly ClusterObject[] {
  const labels = { app: "istiod", "istio.io/rev": revision };
  const ingress = { istio: "aks-istio-ingressgateway-external", "istio.io/rev": revision };
  const values = { global: { hub: "mcr.microsoft.com/oss/v2/istio", tag } };
  return [
    deployment(`aks-istio-system/istiod-${revision}`, labels, `mcr.microsoft.com/pilot:${tag}`),
    object("v1", "Service", `aks-istio-system/istiod-${revision}`, { labels }),
    deployment(
      `aks-istio-ingress/aks-istio-ingressgateway-external-${revision}`,
      ingress,
      `mcr.microsoft.com/proxyv2:${tag}`,
    ),
    object("v1", "ConfigMap", `aks-istio-system/istio-sidecar-injector-${revision}`, {
      data: { values: JSON.stringify(values) },
    }),
    object("v1", "ConfigMap", `aks-istio-system/istio-shared-configmap-${revision}`),
    webhook(
      "MutatingWebhookConfiguration",
      "istio-sidecar-injector",
      revision,
      "rev.namespace.sidecar-injector.istio.io",
    ),
    webhook(
      "ValidatingWebhookConfiguration",
      "istio-validator",
      revision,
      "rev.validation.istio.io",
    ),
  ];
}

export function namespace(name: string, labels: Texts = {}): ClusterObject {
  return object("v1", "Namespace", name, { labels });
}

const ready = { observedGeneration: 1, conditions: [{ type: "Ready", status: "True" }] };

/** The objects of a cluster with a healthy mesh. */
export const healthyObjects: readonly ClusterObject[] = [
  ...revisionObjects("asm-1-30"),
  ...["aks-istio-system", "aks-istio-ingress", "kube-system"].map((name) => namespace(name)),
  namespace("orders", { "istio.io/rev": "asm-1-30" }),
  namespace("batch"),
  pod("orders/web-1", "asm-1-30"),
  pod("orders/web-2", "asm-1-30"),
  pod("batch/report-1", undefined),
  object("v1", "Pod", "aks-istio-ingress/gateway-1", {
    labels: { istio: "aks-istio-ingressgateway-external" },
    spec: { containers: [{ name: "istio-proxy", args: ["proxy", "router"], image: "proxyv2:1" }] },
    status: { phase: "Running" },
  }),
  object("v1", "Service", "aks-istio-ingress/aks-istio-ingressgateway-external", {
    status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } },
  }),
  object("v1", "ConfigMap", "aks-istio-system/istio-ca-root-cert", {
    data: { "root-cert.pem": rootPem },
  }),
  object("v1", "ConfigMap", "orders/istio-ca-root-cert", { data: { "root-cert.pem": rootPem } }),
  object("v1", "Secret", "aks-istio-system/cacerts", {
    data: { "ca-cert.pem": base64(intermediatePem), "root-cert.pem": base64(rootPem) },
  }),
  object("v1", "Secret", "aks-istio-ingress/shop-tls", { data: { "tls.crt": base64(leafPem) } }),
  object("networking.istio.io/v1", "Gateway", "orders/shop", {
    spec: {
      selector: { istio: "aks-istio-ingressgateway-external" },
      servers: [{ tls: { mode: "SIMPLE", credentialName: "shop-tls" } }],
    },
  }),
  object("gateway.networking.k8s.io/v1", "Gateway", "orders/edge", {
    spec: {
      gatewayClassName: "istio",
      listeners: [
        { tls: { certificateRefs: [{ name: "shop-tls", namespace: "aks-istio-ingress" }] } },
      ],
    },
    status: { conditions: [{ type: "Programmed", status: "True", observedGeneration: 1 }] },
  }),
  deployment("kube-system/ama-metrics", { rsName: "ama-metrics" }, "mcr.microsoft.com/ama:1"),
  object("apps/v1", "DaemonSet", "kube-system/ama-metrics-node", {
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    },
  }),
  object("azmonitoring.coreos.com/v1", "PodMonitor", "aks-istio-system/envoy-stats", {
    spec: { podMetricsEndpoints: [{ port: "http-envoy-prom" }] },
  }),
  object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system/apps", { status: ready }),
  object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system/apps", { status: ready }),
];

export const aks: ManagedCluster = {
  id: "/subscriptions/0/resourceGroups/mesh(prod)/providers/Microsoft.ContainerService/managedClusters/orders",
  name: "orders",
  location: "westeurope",
  provisioningState: "Succeeded",
  powerState: { code: "Running" },
  azureMonitorProfile: { metrics: { enabled: true } },
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: ["asm-1-30"],
      components: { ingressGateways: [{ mode: "External", enabled: true }] },
    },
  },
};

export const stack: WantedMesh = {
  stack: "prod",
  plan: planMesh({ settings: { revision: "asm-1-30" }, namespaces: { orders: { canary: false } } }),
  configMaps: ["asm-1-30"],
  namespaces: { inside: ["orders"], outside: ["batch"] },
  gateways: [
    {
      name: "aks-istio-ingressgateway-external",
      namespace: "aks-istio-ingress",
      isIngress: true,
    },
  ],
  metrics: true,
  gitops: true,
};

/** How a mesh differs from the healthy one. */
export interface Change {
  /** Merge patches (RFC 7386) of objects, by their labels: `Deployment orders/web`. */
  readonly patch?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly add?: readonly ClusterObject[];
  readonly cluster?: ObservedMesh["cluster"];
  readonly wanted?: WantedMesh | undefined;
  /** Kinds that the user may not list. */
  readonly unread?: readonly KindName[];
  readonly now?: Date;
}

/** The healthy mesh of the stack `prod` with a change. */
export function observed(change: Change = {}): ObservedMesh {
  const { patch = {}, remove = [], add = [], unread = [], cluster = aks, now = NOW } = change;
  const known = healthyObjects.map(labelOf);
  const unknown = [...Object.keys(patch), ...remove].filter((label) => !known.includes(label));
  if (unknown.length > 0) throw new Error(`no such objects: ${unknown.join(", ")}`);
  const all = [
    ...healthyObjects
      .filter((one) => !remove.includes(labelOf(one)))
      .map((one) => merged(one, patch[labelOf(one)] ?? {}) as ClusterObject),
    ...add,
  ];
  const ofKind = (kind: KindName) => all.filter((one) => nameOf(one.apiVersion, one.kind) === kind);
  const forbidden = (kinds: readonly KindName[]) => ({
    reason: `You may not list ${kinds.join(", ")}.`,
    fix: "Ask.",
  });
  const state = new ClusterState(
    "context prod",
    (Object.keys(KINDS) as KindName[]).map((kind) => [
      kind,
      unread.includes(kind) ? forbidden : ofKind(kind),
    ]),
  );
  const wanted = "wanted" in change ? change.wanted : stack;
  return { state, cluster, wanted, now, certificateDays: 21 };
}

/** What a check says of the changed mesh, without what passed, as a terminal shows it. */
export function complaints({ name, kinds, judge }: Check, change: Change): string {
  const mesh = observed(change);
  return textOf(mesh.state.whenRead(name, kinds, () => judge(mesh)));
}

/** The same of all checks. */
export function allComplaints(change: Change): string {
  return textOf(verifyMesh(observed(change), []));
}

function textOf(observations: readonly Observation[]): string {
  return observations
    .filter(({ outcome }) => outcome !== "passed")
    .flatMap(({ outcome, subject, message, fix = "", commands = [] }) => [
      `${outcome} ${subject}: ${message}`,
      `  ${fix}`,
      ...commands.map((command) => `  $ ${command}`),
    ])
    .join("\n");
}

function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const fields = typeof target === "object" && target !== null ? target : {};
  const changed = Object.entries(patch).map(([name, value]) => [
    name,
    merged((fields as Fields)[name], value),
  ]);
  const all = { ...fields, ...(Object.fromEntries(changed) as Fields) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
