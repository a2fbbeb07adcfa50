import { describe, expect, test } from "vitest";
import { workloadResourcesAndProbes } from "../../../../policy/rules/workload/workload-resources-and-probes.ts";
import { UNKNOWN, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";
import {
  container,
  inMesh,
  outsideMesh,
  podSpec,
  provider,
  template,
  workload,
} from "../../../support/workloads.ts";

async function messages(
  fixture: Fixture,
  stack: readonly Fixture[] = inMesh,
  options?: Run,
): Promise<[string, string][]> {
  return (await run(workloadResourcesAndProbes, [...stack, fixture], options)).map(
    ({ level, message }) => [level, message],
  );
}

function holding(changes: Props, kind = "Deployment", pod: Props = {}): Fixture {
  return workload(template(podSpec({ containers: [container(changes)], ...pod })), { kind });
}

const UNPROBED = { readinessProbe: undefined, livenessProbe: undefined };
const PLACE = 'Deployment "web": spec.template.spec.containers[0]';

describe("workload-resources-and-probes", () => {
  test("reports nothing about a workload that has them", async () => {
    expect(await messages(holding({}))).toEqual([]);
  });

  describe("resources", () => {
    test.each<[string, unknown]>([
      ["requests.cpu and requests.memory and limits.memory", undefined],
      ["requests.cpu and requests.memory and limits.memory", {}],
      ["requests.cpu", { requests: { memory: "1Mi" }, limits: { memory: "1Mi" } }],
      ["limits.memory", { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m" } }],
      ["requests.memory and limits.memory", { requests: { cpu: "1m", memory: null } }],
    ])("reports a missing %s", async (missing, resources) => {
      expect(await messages(holding({ resources }))).toEqual([
        [
          "violation",
          `${PLACE}.resources has no ${missing}, so the pod may starve others or be starved. Set the amounts that the container needs.`,
        ],
      ]);
    });

    test.each<[string, unknown, Props]>([
      ["limits, which are also requests", { limits: { cpu: "1", memory: "1Mi" } }, {}],
      [
        "unknown values",
        { requests: { cpu: UNKNOWN, memory: 1 }, limits: { memory: UNKNOWN } },
        {},
      ],
      [
        "resources of the whole pod",
        {},
        { resources: { requests: { cpu: 1 }, limits: { memory: "1Gi" } } },
      ],
    ])("accepts %s", async (_, resources, pod) => {
      expect(await messages(holding({ resources }, "Deployment", pod))).toEqual([]);
    });

    test("judges every container except init containers", async () => {
      const bare = container({ resources: {} });
      const spec = podSpec({ containers: [container(), bare], initContainers: [bare] });
      expect(await messages(workload(template(spec)))).toEqual([
        ["violation", expect.stringContaining("spec.containers[1].resources has no")],
      ]);
    });
  });

  describe("probes", () => {
    test("reports the missing ones", async () => {
      const because =
        "so Kubernetes always assumes that it is ready and healthy. Add probes that check the application.";
      expect(await messages(holding(UNPROBED))).toEqual([
        ["violation", `${PLACE} has no readinessProbe and no livenessProbe, ${because}`],
      ]);
      expect(await messages(holding({ livenessProbe: null }))).toEqual([
        ["violation", `${PLACE} has no livenessProbe, ${because}`],
      ]);
    });

    test("are required as configured", async () => {
      const config = (...probes: string[]): Run => ({
        config: { "workload-resources-and-probes": { probes } },
      });
      const ready = holding({ livenessProbe: undefined });
      expect(await messages(ready, inMesh, config("readinessProbe"))).toEqual([]);
      expect(await messages(ready, inMesh, config("startupProbe"))).toHaveLength(1);
      expect(await messages(holding(UNPROBED), inMesh, config())).toEqual([]);
    });

    test.each([
      ["Deployment", 1],
      ["StatefulSet", 1],
      ["DaemonSet", 1],
      ["ReplicaSet", 1],
      ["Job", 0],
      ["CronJob", 0],
    ])("are for workloads that serve: %s", async (kind, count) => {
      expect(await messages(holding(UNPROBED, kind))).toHaveLength(count);
    });

    test.each([
      ["Always", 1],
      ["Never", 0],
      ["OnFailure", 0],
    ])("are for pods that are restarted: %s", async (restartPolicy, count) => {
      const spec = podSpec({ restartPolicy, containers: [container(UNPROBED)] });
      const pod = object(provider, "core/v1", "Pod", { metadata: { namespace: "shop" }, spec });
      expect(await messages(pod)).toHaveLength(count);
    });

    test.each<[string, Props]>([
      [
        "readinessProbe.httpGet.port points to 15021",
        { readinessProbe: { httpGet: { port: 15021 } } },
      ],
      [
        "livenessProbe.tcpSocket.port points to 15020",
        { livenessProbe: { tcpSocket: { port: 15020 } } },
      ],
      ["startupProbe.grpc.port points to 15090", { startupProbe: { grpc: { port: 15090 } } }],
      [
        "readinessProbe.httpGet.port points to 15021",
        {
          readinessProbe: { httpGet: { port: "status" } },
          ports: [
            { name: "http", containerPort: 8080 },
            { name: "status", containerPort: 15021 },
          ],
        },
      ],
    ])("must not use a port of the sidecar: %s", async (what, changes) => {
      expect(await messages(holding(changes))).toEqual([
        [
          "violation",
          `${PLACE}.${what}, a port of the sidecar, so the probe does not check the application. Probe a port of the container.`,
        ],
      ]);
    });

    test.each<[string, Props]>([
      ["a port next to the sidecar's", { readinessProbe: { httpGet: { port: 15022 } } }],
      ["an unknown port", { readinessProbe: { httpGet: { port: UNKNOWN } } }],
      [
        "a port name that the container does not have",
        { readinessProbe: { httpGet: { port: "status" } } },
      ],
      ["a command", { readinessProbe: { exec: { command: ["true"] } } }],
      ["an unknown probe", { readinessProbe: UNKNOWN }],
    ])("may use %s", async (_, changes) => {
      expect(await messages(holding(changes))).toEqual([]);
    });
  });

  test("judges only the fields of a patch", async () => {
    const bare = { ...UNPROBED, resources: undefined };
    expect(await messages(holding(bare, "DeploymentPatch"))).toEqual([]);
    const misprobed = { ...bare, readinessProbe: { httpGet: { port: 15021 } } };
    expect(await messages(holding(misprobed, "DeploymentPatch"))).toHaveLength(1);
  });

  test("ignores a manually injected sidecar", async () => {
    const sidecar = { name: "istio-proxy", image: "mcr.microsoft.com/oss/istio/proxyv2:1.30" };
    const spec = podSpec({ containers: [container(), sidecar] });
    expect(await messages(workload(template(spec)))).toEqual([]);
  });

  test("reports nothing outside the mesh", async () => {
    expect(await messages(holding({ ...UNPROBED, resources: {} }), outsideMesh)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["spec.template.spec.containers", workload(template(podSpec({ containers: UNKNOWN })))],
    ["spec.template.spec.containers[0].resources", holding({ resources: UNKNOWN })],
    [
      "spec.template.spec.containers[0].resources.limits",
      holding({ resources: { limits: UNKNOWN } }),
    ],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`Deployment "web": ${path} is known only`)],
    ]);
  });
});
