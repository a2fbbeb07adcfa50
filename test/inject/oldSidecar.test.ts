import { expect, test } from "vitest";
import { hasSidecar, withoutSidecar } from "../../inject/oldSidecar.ts";

const probers = {
  "/app-health/app/livez": {
    httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
    timeoutSeconds: 1,
  },
  "/app-health/app/readyz": { tcpSocket: { port: 8080 }, timeoutSeconds: 3 },
  "/app-health/app/prestopz": { httpGet: { path: "/stop", port: 8080 } },
};

const env = [
  { name: "ISTIO_KUBE_APP_PROBERS", value: JSON.stringify(probers) },
  { name: "ISTIO_PROMETHEUS_ANNOTATIONS", value: '{"scrape":"true","path":"","port":"9797"}' },
];

const status = {
  initContainers: ["istio-validation", "istio-proxy"],
  containers: null,
  volumes: ["istio-envoy"],
  imagePullSecrets: ["pull"],
};

const INJECTED = {
  metadata: {
    labels: { app: "web", "security.istio.io/tlsMode": "istio" },
    annotations: {
      mine: "yes",
      "istio.io/rev": "asm-1-29",
      "sidecar.istio.io/status": JSON.stringify(status),
      "prometheus.io/port": "15020",
      "prometheus.io/path": "/stats/prometheus",
      "prometheus.io/scrape": "true",
      "proxy.istio.io/overrides":
        '{"containers":[{"name":"istio-proxy","image":"auto","resources":{}}]}',
    },
  },
  spec: {
    initContainers: [{ name: "istio-validation" }, { name: "istio-proxy", env }],
    containers: [
      {
        name: "app",
        livenessProbe: {
          httpGet: { path: "/app-health/app/livez", port: 15020 },
          periodSeconds: 5,
        },
        readinessProbe: {
          httpGet: { path: "/app-health/app/readyz", port: 15020 },
          timeoutSeconds: 3,
        },
        lifecycle: { preStop: { httpGet: { path: "/app-health/app/prestopz", port: 15020 } } },
      },
    ],
    volumes: [{ name: "istio-envoy" }, { name: "data" }],
    imagePullSecrets: [{ name: "pull" }],
  },
};

test("the old sidecar goes, and what it replaced comes back", () => {
  expect(hasSidecar(INJECTED)).toBe(true);
  const before = withoutSidecar(INJECTED);
  expect(hasSidecar(before)).toBe(false);
  expect(before).toEqual({
    metadata: {
      labels: { app: "web", "security.istio.io/tlsMode": "istio" },
      annotations: { mine: "yes", "prometheus.io/scrape": "true", "prometheus.io/port": "9797" },
    },
    spec: {
      containers: [
        {
          name: "app",
          livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5 },
          readinessProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 3 },
          lifecycle: { preStop: { httpGet: { path: "/stop", port: 8080 } } },
        },
        { name: "istio-proxy", image: "auto" },
      ],
      volumes: [{ name: "data" }],
    },
  });
});

test("a status that is no JSON removes only the marks", () => {
  const annotations = { "sidecar.istio.io/status": "injected-version-1" };
  const spec = { containers: [{ name: "app" }, { name: "istio-proxy" }] };
  expect(withoutSidecar({ metadata: { annotations }, spec })).toEqual({
    metadata: { annotations: {} },
    spec,
  });
});
