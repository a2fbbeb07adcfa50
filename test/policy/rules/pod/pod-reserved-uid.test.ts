import { describe, expect, test } from "vitest";
import { podReservedUid } from "../../../../policy/rules/pod/pod-reserved-uid.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import {
  container,
  inMesh,
  outsideMesh,
  podSpec,
  template,
  workload,
} from "../../../support/workloads.ts";

async function messages(spec: unknown, stack: readonly Fixture[] = inMesh) {
  const reports = await run(podReservedUid, [...stack, workload(template(spec))]);
  return reports.map(({ level, message }) => [level, message]);
}

const inContainer = (securityContext: unknown, name = "web") =>
  podSpec({ containers: [container({ name, securityContext })] });

const reserved = (path: string) => [
  [
    "violation",
    `Deployment "web": spec.template.spec.${path} is 1337, the sidecar's ID, so traffic of the container bypasses the sidecar. Set it to another ID, such as 10001.`,
  ],
];

describe("pod-reserved-uid", () => {
  test.each([
    ["securityContext.runAsUser", podSpec({ securityContext: { runAsUser: 1337 } })],
    ["securityContext.runAsGroup", podSpec({ securityContext: { runAsGroup: 1337 } })],
    ["containers[0].securityContext.runAsUser", inContainer({ runAsUser: 1337 })],
    ["containers[0].securityContext.runAsGroup", inContainer({ runAsGroup: 1337 })],
    [
      "initContainers[0].securityContext.runAsUser",
      podSpec({ initContainers: [container({ securityContext: { runAsUser: 1337 } })] }),
    ],
  ])("reports %s", async (path, spec) => {
    expect(await messages(spec)).toEqual(reserved(path));
  });

  test.each<[string, unknown]>([
    ["1336", inContainer({ runAsUser: 1336, runAsGroup: 1338 })],
    ["no IDs", inContainer({})],
    ["fsGroup", podSpec({ securityContext: { fsGroup: 1337 } })],
    ["a manually injected sidecar", inContainer({ runAsUser: 1337 }, "istio-proxy")],
  ])("accepts %s", async (_, spec) => {
    expect(await messages(spec)).toEqual([]);
  });

  test("reports nothing without a sidecar", async () => {
    const securityContext = { runAsUser: 1337 };
    expect(await messages(podSpec({ securityContext }), outsideMesh)).toEqual([]);
    expect(await messages(podSpec({ securityContext, hostNetwork: true }))).toEqual([]);
  });

  test.each([
    [
      "spec.template.spec.securityContext.runAsUser",
      podSpec({ securityContext: { runAsUser: UNKNOWN } }),
    ],
    ["spec.template.spec.containers", podSpec({ containers: UNKNOWN })],
    ["spec.template.spec.containers[0].securityContext", inContainer(UNKNOWN)],
    ["spec.template.spec", UNKNOWN],
  ])("advises once if %s is unknown", async (path, spec) => {
    expect(await messages(spec)).toEqual([
      ["unjudged", expect.stringContaining(`Deployment "web": ${path} is known only`)],
    ]);
  });
});
