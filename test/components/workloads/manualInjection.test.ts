import { expect, test } from "vitest";
import { withSidecarOf } from "../../../components/workloads/manualInjection.ts";
import type { PodTemplate } from "../../../components/workloads/manualInjection.ts";

const template: PodTemplate = {
  metadata: { labels: { app: "web" }, annotations: { "mesh-revision": "asm-1-30" } },
  spec: {
    serviceAccountName: "web",
    securityContext: { fsGroup: 10001 },
    containers: [{ name: "web", image: "web:2", readinessProbe: { httpGet: { path: "/ready" } } }],
    volumes: [{ name: "data", emptyDir: {} }],
  },
};

/** What the injector made of an older version of the template. */
const injected = {
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    template: {
      metadata: {
        labels: { app: "old", "security.istio.io/tlsMode": "istio" },
        annotations: {
          "mesh-revision": "old",
          "sidecar.istio.io/status": '{"revision":"asm-1-30"}',
        },
      },
      spec: {
        serviceAccountName: "old",
        securityContext: { fsGroup: 1337 },
        initContainers: [{ name: "istio-validation" }],
        containers: [
          { name: "istio-proxy" },
          { name: "web", image: "web:1", readinessProbe: { httpGet: { path: "/app-health" } } },
        ],
        volumes: [{ name: "istio-envoy" }, { name: "data", emptyDir: { sizeLimit: "1Mi" } }],
      },
    },
  },
};

const merged = (mesh = "asm-1-30", manifests: readonly object[] = [injected]) =>
  withSidecarOf(template, manifests, "web", mesh);

test("takes what injection added, in its order, and keeps everything else", () => {
  expect(merged()).toEqual({
    metadata: {
      labels: { app: "web", "security.istio.io/tlsMode": "istio" },
      annotations: {
        "mesh-revision": "asm-1-30",
        "sidecar.istio.io/status": '{"revision":"asm-1-30"}',
      },
    },
    spec: {
      serviceAccountName: "web",
      securityContext: { fsGroup: 10001 },
      initContainers: [{ name: "istio-validation" }],
      containers: [
        { name: "istio-proxy" },
        { name: "web", image: "web:2", readinessProbe: { httpGet: { path: "/app-health" } } },
      ],
      volumes: [{ name: "data", emptyDir: {} }, { name: "istio-envoy" }],
    },
  });
});

test("finds the Deployment by its kind and name", () => {
  const other = { ...injected, metadata: { name: "db" } };
  const service = { kind: "Service", metadata: { name: "web" } };
  expect(merged("asm-1-30", [other, service, injected])).toEqual(merged());
});

test("a namespace outside the mesh has no revision to agree with", () => {
  expect(merged("outside")).toEqual(merged());
});

const AGAIN = "Run aks-istio inject on the workload's manifest again.";
const without = (change: object) => [
  { ...injected, spec: { template: { ...injected.spec.template, ...change } } },
];

test.each<[string, string, readonly object[], string]>([
  [
    "no Deployment of the name",
    "asm-1-30",
    [],
    `The injected manifests have no Deployment web. ${AGAIN}`,
  ],
  [
    "no sidecar",
    "asm-1-30",
    without({ metadata: {} }),
    `The injected manifests have no sidecar in the Deployment web. ${AGAIN}`,
  ],
  [
    "another revision",
    "asm-1-31",
    [injected],
    `The sidecar of the Deployment web has the revision asm-1-30, but its namespace follows asm-1-31. ${AGAIN}`,
  ],
  [
    "another container",
    "asm-1-30",
    without({ spec: { containers: [{ name: "istio-proxy" }] } }),
    `The injected Deployment web has no container web. ${AGAIN}`,
  ],
  [
    "a status that is no JSON",
    "asm-1-30",
    without({ metadata: { annotations: { "sidecar.istio.io/status": "injected" } } }),
    `The sidecar of the Deployment web has the revision unknown, but its namespace follows asm-1-30. ${AGAIN}`,
  ],
])("%s", (_, mesh, manifests, message) => {
  expect(() => merged(mesh, manifests)).toThrow(message);
});
