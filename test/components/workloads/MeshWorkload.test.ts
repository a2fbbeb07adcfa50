import * as k8s from "@pulumi/kubernetes";
import { describe, expect, test } from "vitest";
import { MeshNamespace } from "../../../components/mesh/MeshNamespace.ts";
import { MeshWorkload } from "../../../components/workloads/MeshWorkload.ts";
import type { Injection } from "../../../components/workloads/injection.ts";
import type { MeshWorkloadArgs } from "../../../components/workloads/MeshWorkload.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const POLICY = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
const WORKLOAD = "aks-istio:index:MeshWorkload";

const V1 = { image: "shop.azurecr.io/orders@sha256:1", version: "1.0.0" };
const V2 = { image: "shop.azurecr.io/orders@sha256:2", version: "2.0.0" };
const PODS = {
  ports: { http: 8080, "grpc-orders": 9090 },
  probes: { readiness: "/ready", liveness: "/alive" },
  resources: { cpu: "100m", memory: "64Mi", memoryLimit: "128Mi" },
};

async function made(
  args: Partial<Omit<MeshWorkloadArgs, "namespace" | "injection">> & Injection = {},
  defaultDeny = false,
): Promise<[Recorder, MeshWorkload]> {
  const engine = await mockEngine();
  const provider = new k8s.Provider("cluster", {});
  const namespace = new MeshNamespace("shop", { mesh: "asm-1-30", defaultDeny }, { provider });
  const workload = new MeshWorkload(
    "orders",
    { namespace, version: V1, pods: PODS, ...args },
    { provider },
  );
  await engine.settle();
  return [engine, workload];
}

const selectorOf = (service: string) => ({
  "app.kubernetes.io/name": service,
  "app.kubernetes.io/part-of": "orders",
});

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object; readonly annotations: object };
      readonly spec: { readonly containers: readonly object[] };
    };
  };
}

const templateOf = (engine: Recorder, name = "orders") =>
  (engine.one(DEPLOYMENT, name).inputs as unknown as Deployment).spec.template;

const ownOf = (engine: Recorder) =>
  engine.identities().filter((identity) => identity.startsWith(WORKLOAD));

test("creates an identity, a deployment, a budget and a service", async () => {
  const [engine, workload] = await made();
  expect(ownOf(engine)).toEqual([
    `${WORKLOAD}$${DEPLOYMENT}::orders`,
    `${WORKLOAD}$${SERVICE}::orders`,
    `${WORKLOAD}$${ACCOUNT}::orders`,
    `${WORKLOAD}$${BUDGET}::orders`,
    `${WORKLOAD}::orders`,
  ]);
  expect(await resolved(workload.url)).toBe("http://orders.shop:8080");
});

test("runs the image as the options say, and nothing that they do not say", async () => {
  const options = { user: 2000, replicas: 3, writable: { path: "/tmp", sizeLimit: "16Mi" } };
  const environment = { LEVEL: "info" };
  const [engine] = await made({
    application: "shop",
    version: { ...V1, command: ["/orders"], environment },
    pods: { ...PODS, ...options },
  });
  const { spec } = engine.one(DEPLOYMENT, "orders").inputs as unknown as {
    readonly spec: { readonly replicas: number; readonly template: { readonly spec: object } };
  };
  expect(spec.replicas).toBe(3);
  expect(spec.template.spec).toMatchObject({
    securityContext: { runAsUser: 2000, runAsGroup: 2000, fsGroup: 2000 },
    volumes: [{ name: "data", emptyDir: { sizeLimit: "16Mi" } }],
    containers: [
      {
        name: "orders",
        image: V1.image,
        command: ["/orders"],
        env: [{ name: "LEVEL", value: "info" }],
        ports: [
          { name: "http", containerPort: 8080 },
          { name: "grpc-orders", containerPort: 9090 },
        ],
        readinessProbe: { httpGet: { path: "/ready", port: "http" } },
        livenessProbe: { httpGet: { path: "/alive", port: "http" } },
        volumeMounts: [{ name: "data", mountPath: "/tmp" }],
      },
    ],
  });
  expect(templateOf(engine).metadata.labels).toEqual({
    "app.kubernetes.io/name": "orders",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/version": "1.0.0",
  });
  const [plain] = await made();
  const [container = {}] = templateOf(plain).spec.containers;
  expect(Object.keys(templateOf(plain).spec)).not.toContain("volumes");
  expect(Object.keys(container)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(command|env|volumeMounts)$/)]),
  );
});

describe("injection", () => {
  test("automatic leaves it to the namespace", async () => {
    const [engine] = await made({ injection: "automatic" });
    expect(templateOf(engine).metadata).toEqual({
      labels: { ...selectorOf("orders"), "app.kubernetes.io/version": "1.0.0" },
      annotations: { "mesh-revision": "asm-1-30" },
    });
  });

  test("none keeps the sidecar out", async () => {
    const [engine] = await made({ injection: "none" });
    expect(templateOf(engine).metadata).toEqual({
      labels: {
        ...selectorOf("orders"),
        "app.kubernetes.io/version": "1.0.0",
        "sidecar.istio.io/inject": "false",
      },
      annotations: { "mesh-revision": "asm-1-30" },
    });
  });

  test("manual has it in the template", async () => {
    const template = {
      metadata: { annotations: { "sidecar.istio.io/status": '{"revision":"asm-1-30"}' } },
      spec: { containers: [{ name: "istio-proxy", image: "proxyv2" }, { name: "orders" }] },
    };
    const injected = [{ kind: "Deployment", metadata: { name: "orders" }, spec: { template } }];
    const [engine] = await made({ injection: "manual", injected });
    expect(templateOf(engine).spec.containers).toMatchObject([
      { name: "istio-proxy", image: "proxyv2" },
      { name: "orders", image: V1.image },
    ]);
  });
});

test("the options of the sidecar are annotations of its pods", async () => {
  const [engine] = await made({ pods: { ...PODS, proxy: { native: true } } });
  expect(templateOf(engine).metadata.annotations).toEqual({
    "mesh-revision": "asm-1-30",
    "sidecar.istio.io/nativeSidecar": "true",
  });
});

describe("callers", () => {
  const callers = [
    { from: { namespaces: ["edge"] }, ports: [8080] },
    {
      from: { serviceAccounts: [{ namespace: "billing", name: "jobs" }] },
      ports: [8080, 9090],
      methods: ["GET"],
      paths: ["/orders/*"],
    },
  ];

  test("are the only ones in a namespace that denies requests by default", async () => {
    const [engine] = await made({ callers }, true);
    expect(engine.one(POLICY, "orders-callers").inputs).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "orders", namespace: "shop" },
      spec: {
        selector: { matchLabels: selectorOf("orders") },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { namespaces: ["edge"] } }],
            to: [{ operation: { ports: ["8080"] } }],
          },
          {
            from: [{ source: { principals: ["cluster.local/ns/billing/sa/jobs"] } }],
            to: [
              { operation: { ports: ["8080", "9090"], methods: ["GET"], paths: ["/orders/*"] } },
            ],
          },
        ],
      },
    });
  });

  test("a source without names is not everybody", async () => {
    const [engine] = await made({ callers: [{ from: { namespaces: [] }, ports: [8080] }] }, true);
    expect(ownOf(engine).filter((identity) => identity.includes(POLICY))).toEqual([]);
  });

  test("need no policy in a namespace that allows requests", async () => {
    const [engine] = await made({ callers });
    expect(ownOf(engine).filter((identity) => identity.includes(POLICY))).toEqual([]);
  });
});

describe("a canary", () => {
  const VIRTUAL_SERVICE = "kubernetes:networking.istio.io/v1:VirtualService";
  const HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

  test("is the same workload of another version, with its share of the requests", async () => {
    const [engine] = await made({ canary: { ...V2, weight: 10 } });
    expect(ownOf(engine)).toEqual([
      `${WORKLOAD}$${DEPLOYMENT}::orders`,
      `${WORKLOAD}$${DEPLOYMENT}::orders-canary`,
      `${WORKLOAD}$${SERVICE}::orders`,
      `${WORKLOAD}$${SERVICE}::orders-canary`,
      `${WORKLOAD}$${ACCOUNT}::orders`,
      `${WORKLOAD}$${VIRTUAL_SERVICE}::orders-route`,
      `${WORKLOAD}$${BUDGET}::orders`,
      `${WORKLOAD}$${BUDGET}::orders-canary`,
      `${WORKLOAD}::orders`,
    ]);
    const canary = engine.one(DEPLOYMENT, "orders-canary").inputs;
    expect(canary).toMatchObject({
      metadata: { name: "orders-canary" },
      spec: {
        selector: { matchLabels: selectorOf("orders-canary") },
        template: {
          metadata: { labels: { "app.kubernetes.io/version": "2.0.0" } },
          spec: { serviceAccountName: "orders", containers: [{ name: "orders", image: V2.image }] },
        },
      },
    });
    expect(engine.one(SERVICE, "orders-canary").inputs).toMatchObject({
      metadata: { name: "orders-canary", namespace: "shop" },
      spec: { selector: selectorOf("orders-canary") },
    });
    const route = engine.one(VIRTUAL_SERVICE, "orders-route");
    expect(route.inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "orders", namespace: "shop" },
      spec: {
        hosts: ["orders"],
        http: [
          {
            match: [{ port: 8080 }],
            route: [
              { destination: { host: "orders", port: { number: 8080 } }, weight: 90 },
              { destination: { host: "orders-canary", port: { number: 8080 } }, weight: 10 },
            ],
          },
        ],
      },
    });
    // Before that there is nobody to answer its requests.
    expect(route.dependencies).toContain(engine.one(SERVICE, "orders-canary").urn);
  });

  test("with the Gateway API", async () => {
    const [engine] = await made({ canary: { ...V2, weight: 100, api: "HTTPRoute" } });
    expect(engine.one(HTTP_ROUTE, "orders-route").inputs).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "orders", namespace: "shop" },
      spec: {
        parentRefs: [{ group: "", kind: "Service", name: "orders", port: 8080 }],
        rules: [
          {
            backendRefs: [
              { name: "orders", port: 8080, weight: 0 },
              { name: "orders-canary", port: 8080, weight: 100 },
            ],
          },
        ],
      },
    });
  });

  test("has the same callers", async () => {
    const callers = [{ from: { namespaces: ["edge"] }, ports: [8080] }];
    const [engine] = await made({ callers, canary: { ...V2, weight: 1 } }, true);
    expect(engine.one(POLICY, "orders-canary-callers").inputs).toMatchObject({
      metadata: { name: "orders-canary" },
      spec: { selector: { matchLabels: selectorOf("orders-canary") } },
    });
  });
});
