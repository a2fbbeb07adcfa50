import * as k8s from "@pulumi/kubernetes";
import { describe, expect, test } from "vitest";
import { MeshNamespace } from "../../../components/mesh/MeshNamespace.ts";
import { SampleWorkload } from "../../../components/samples/SampleWorkload.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const SAMPLE = "aks-istio:index:SampleWorkload";

async function made(
  mesh: "asm-1-30" | "outside" = "asm-1-30",
  defaultDeny = false,
): Promise<[Recorder, SampleWorkload]> {
  const engine = await mockEngine();
  const provider = new k8s.Provider("cluster", {});
  const namespace = new MeshNamespace("shop", { mesh, defaultDeny }, { provider });
  const sample = new SampleWorkload("podinfo", { namespace }, { provider });
  await engine.settle();
  return [engine, sample];
}

test("creates two services, each with an account, a deployment and a budget", async () => {
  const [engine] = await made();
  expect(engine.identities().filter((identity) => identity.startsWith(SAMPLE))).toEqual([
    `${SAMPLE}$${DEPLOYMENT}::podinfo-backend`,
    `${SAMPLE}$${DEPLOYMENT}::podinfo-frontend`,
    `${SAMPLE}$${SERVICE}::podinfo-backend`,
    `${SAMPLE}$${SERVICE}::podinfo-frontend`,
    `${SAMPLE}$${ACCOUNT}::podinfo-backend`,
    `${SAMPLE}$${ACCOUNT}::podinfo-frontend`,
    `${SAMPLE}$${BUDGET}::podinfo-backend`,
    `${SAMPLE}$${BUDGET}::podinfo-frontend`,
    `${SAMPLE}::podinfo`,
  ]);
  const cluster = `${engine.one("pulumi:providers:kubernetes", "cluster").urn}::cluster-id`;
  const inCluster = engine.registered.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(new Set(inCluster.map(({ provider }) => provider))).toEqual(new Set([cluster]));
});

describe.each([
  ["frontend", "--backend-url=http://backend:9898/echo"],
  ["backend", "--grpc-service-name=backend"],
])("the %s", (service, argument) => {
  const selector = {
    "app.kubernetes.io/name": service,
    "app.kubernetes.io/part-of": "podinfo",
  };
  const labels = { ...selector, "app.kubernetes.io/version": "6.11.1" };
  const metadata = { name: service, namespace: "shop", labels };

  test("runs podinfo twice, on different nodes, with only the rights that it needs", async () => {
    const [engine] = await made();
    expect(engine.one(DEPLOYMENT, `podinfo-${service}`).inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels, annotations: { "mesh-revision": "asm-1-30" } },
          spec: {
            serviceAccountName: service,
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 10001,
              runAsGroup: 10001,
              fsGroup: 10001,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "podinfo",
                image:
                  "ghcr.io/stefanprodan/podinfo:6.11.1@sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5",
                command: ["./podinfo", "--port=9898", "--grpc-port=9999", argument],
                ports: [
                  { name: "http", containerPort: 9898 },
                  { name: "grpc", containerPort: 9999 },
                ],
                readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
                livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
                resources: {
                  requests: { cpu: "50m", memory: "32Mi" },
                  limits: { memory: "128Mi" },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [{ name: "data", mountPath: "/data" }],
              },
            ],
            volumes: [{ name: "data", emptyDir: { sizeLimit: "64Mi" } }],
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selector },
              },
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selector },
              },
            ],
          },
        },
      },
    });
  });

  test("exposes ports whose names tell the mesh their protocol", async () => {
    const [engine] = await made();
    expect(engine.one(SERVICE, `podinfo-${service}`).inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector,
        ports: [
          { name: "http", port: 9898, targetPort: "http" },
          { name: "grpc", port: 9999, targetPort: "grpc" },
        ],
      },
    });
  });

  test("has its own identity, and always one pod available", async () => {
    const [engine] = await made();
    expect(engine.one(ACCOUNT, `podinfo-${service}`).inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    });
    expect(engine.one(BUDGET, `podinfo-${service}`).inputs).toEqual({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    });
  });
});

test("the frontend comes after the backend that it calls", async () => {
  const [engine] = await made();
  const backend = engine.one(SERVICE, "podinfo-backend").urn;
  expect(engine.one(DEPLOYMENT, "podinfo-frontend").dependencies).toContain(backend);
  expect(engine.one(DEPLOYMENT, "podinfo-backend").dependencies).not.toContain(
    engine.one(SERVICE, "podinfo-frontend").urn,
  );
});

test("in a namespace that denies requests by default, allows its own, and comes after the denial", async () => {
  const [engine] = await made("asm-1-30", true);
  const policy = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
  const own = engine.identities().filter((identity) => identity.startsWith(SAMPLE));
  expect(own.filter((identity) => identity.includes(policy))).toEqual([
    `${SAMPLE}$${policy}::podinfo-backend-callers`,
    `${SAMPLE}$${policy}::podinfo-frontend-callers`,
  ]);
  expect(engine.one(policy, "podinfo-frontend-callers").inputs).toMatchObject({
    spec: { rules: [{ from: [{ source: { namespaces: ["aks-istio-ingress"] } }] }] },
  });
  const refusal = engine.one(policy, "shop-default-deny").urn;
  for (const service of ["frontend", "backend"]) {
    expect(engine.one(DEPLOYMENT, `podinfo-${service}`).dependencies).toContain(refusal);
  }
});

test("leaves injection to the namespace, without its own labels or annotations", async () => {
  const [engine] = await made("outside");
  const { spec } = engine.one(DEPLOYMENT, "podinfo-frontend").inputs;
  expect(spec).toMatchObject({
    template: { metadata: { annotations: { "mesh-revision": "outside" } } },
  });
  expect(JSON.stringify(spec)).not.toContain("istio.io/");
});

test("outputs its URL", async () => {
  const [, sample] = await made();
  expect(await resolved(sample.frontendUrl)).toBe("http://frontend.shop:9898");
});
