import { expect, test } from "vitest";
import { proxyAnnotations } from "../../../components/workloads/proxyOptions.ts";

test("writes the annotations that Istio reads, and only those that are set", () => {
  const resources = { cpu: "50m", memory: "64Mi", memoryLimit: "128Mi" };
  expect(proxyAnnotations({})).toEqual({});
  expect(proxyAnnotations({ resources })).toEqual({
    "sidecar.istio.io/proxyCPU": "50m",
    "sidecar.istio.io/proxyMemory": "64Mi",
    "sidecar.istio.io/proxyMemoryLimit": "128Mi",
  });
  expect(
    proxyAnnotations({
      resources: { ...resources, cpuLimit: "1" },
      holdApplicationUntilProxyStarts: false,
      native: false,
    }),
  ).toEqual({
    "sidecar.istio.io/proxyCPU": "50m",
    "sidecar.istio.io/proxyMemory": "64Mi",
    "sidecar.istio.io/proxyCPULimit": "1",
    "sidecar.istio.io/proxyMemoryLimit": "128Mi",
    "proxy.istio.io/config": '{"holdApplicationUntilProxyStarts":false}',
    "sidecar.istio.io/nativeSidecar": "false",
  });
});
