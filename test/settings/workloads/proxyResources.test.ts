import { expect, test } from "vitest";
import { problemsOf, withKey } from "../../support/settings.ts";

function problems(resources: Readonly<Record<string, string>>): readonly string[] {
  return problemsOf({
    ...withKey("namespaces", { shop: {} }),
    "aks-istio:workloads": { podinfo: { namespace: "shop", proxy: { resources } } },
  });
}

test("a sidecar may not request more than its limits", () => {
  const resources = { cpu: "200m", cpuLimit: "100m", memory: "512Mi", memoryLimit: "256Mi" };
  const at = "aks-istio:workloads.podinfo.proxy.resources";
  expect(problems(resources)).toEqual([
    `${at}.cpuLimit: found "100m"; must be at least what cpu requests, "200m", or Kubernetes refuses the pods; raise it, or lower cpu`,
    `${at}.memoryLimit: found "256Mi"; must be at least what memory requests, "512Mi", or Kubernetes refuses the pods; raise it, or lower memory`,
  ]);
});

test("a request may be its limit, and the CPU may have no limit", () => {
  expect(problems({ cpu: "2000m", cpuLimit: "2", memory: "1Gi", memoryLimit: "1024Mi" })).toEqual(
    [],
  );
  expect(problems({ cpu: "64", memory: "1Mi", memoryLimit: "1Mi" })).toEqual([]);
});

test("a value that is no quantity is reported as such alone", () => {
  expect(problems({ cpu: "200m", cpuLimit: "1x", memory: "1Mi", memoryLimit: "1Mi" })).toEqual([
    'aks-istio:workloads.podinfo.proxy.resources.cpuLimit: found "1x"; must be a quantity, such as "8", "500m" or "16Gi"',
  ]);
});
