import { expect, test } from "vitest";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { istioVersion, proxiesOf, proxyOf } from "../../../operate/cluster/proxies.ts";

const IMAGE = "mcr.microsoft.com/oss/v2/istio/proxyv2:v1.30.2";
const STATUS = JSON.stringify({
  initContainers: ["istio-validation", "istio-proxy"],
  containers: null,
  volumes: ["workload-socket"],
  imagePullSecrets: null,
  revision: "asm-1-30",
});

const app = { name: "app", image: "registry.example.com/app:1.2.3" };
const sidecar = { name: "istio-proxy", image: IMAGE, args: ["proxy", "sidecar"] };
const gateway = { name: "istio-proxy", image: IMAGE, args: ["proxy", "router"] };

function pod(
  spec: object,
  annotations: Readonly<Record<string, string>> = {},
  rest: object = {},
): ClusterObject {
  const metadata = { name: "web-1", namespace: "orders", annotations };
  return { apiVersion: "v1", kind: "Pod", metadata, spec, ...rest };
}

test.each([
  [
    "a container",
    pod({ containers: [app, sidecar] }, { "sidecar.istio.io/status": STATUS }),
    { kind: "sidecar", revision: "asm-1-30" },
  ],
  [
    "a native sidecar",
    pod(
      { containers: [app], initContainers: [{ ...sidecar, restartPolicy: "Always" }] },
      { "sidecar.istio.io/status": STATUS },
    ),
    { kind: "native-sidecar", revision: "asm-1-30" },
  ],
  [
    "a gateway that was injected",
    pod({ containers: [gateway] }, { "sidecar.istio.io/status": STATUS }),
    { kind: "gateway", revision: "asm-1-30" },
  ],
  [
    "a gateway of the Gateway API, which has no status",
    pod({ containers: [gateway] }, { "istio.io/rev": "asm-1-29" }),
    { kind: "gateway", revision: "asm-1-29" },
  ],
  [
    "the status before the annotation, which users can set",
    pod(
      { containers: [app, sidecar] },
      { "sidecar.istio.io/status": STATUS, "istio.io/rev": "mine" },
    ),
    { kind: "sidecar", revision: "asm-1-30" },
  ],
  [
    "a status that is not JSON",
    pod({ containers: [sidecar] }, { "sidecar.istio.io/status": "injected" }),
    { kind: "sidecar", revision: undefined },
  ],
  ["no annotation", pod({ containers: [sidecar] }), { kind: "sidecar", revision: undefined }],
])("knows the proxy of %s", (_, one, { kind, revision }) => {
  expect(proxyOf(one)).toEqual({ pod: one, kind, revision, image: IMAGE, version: "1.30.2" });
});

test.each([
  ["no proxy", pod({ containers: [app] })],
  [
    "an annotation only",
    pod({ containers: [app] }, { "sidecar.istio.io/status": STATUS, "istio.io/rev": "asm-1-30" }),
  ],
  ["an init container that ends", pod({ containers: [app], initContainers: [sidecar] })],
])("knows no proxy of a pod with %s", (_, one) => {
  expect(proxyOf(one)).toBeUndefined();
});

test("ended pods run no proxy; terminating ones still do", () => {
  const of = (name: string, phase: string): ClusterObject => ({
    ...pod({ containers: [sidecar] }, {}, { status: { phase } }),
    metadata: { name, deletionTimestamp: "2026-11-29T00:00:00Z" },
  });
  const phases = ["Pending", "Running", "Unknown", "Succeeded", "Failed"];
  const found = proxiesOf(phases.map((phase) => of(phase, phase)));
  expect(found.map((proxy) => proxy.pod.metadata.name)).toEqual(["Pending", "Running", "Unknown"]);
});

test.each([
  ["mcr.microsoft.com/oss/istio/proxyv2:1.30.2", "1.30.2"],
  ["mcr.microsoft.com/oss/istio/proxyv2:v1.30.10-distroless", "1.30.10"],
  ["localhost:5000/proxyv2:1.30.2@sha256:0123", "1.30.2"],
  ["mcr.microsoft.com/oss/istio/proxyv2:1.30", undefined],
  ["mcr.microsoft.com/oss/istio/proxyv2:1.30.2.4", undefined],
  ["mcr.microsoft.com/oss/istio/proxyv2@sha256:0123", undefined],
  ["10.0.0.1:5000/proxyv2", undefined],
  ["proxyv2:latest", undefined],
])("the release of %s is %s", (image, version) => {
  expect(istioVersion(image)).toBe(version);
});
