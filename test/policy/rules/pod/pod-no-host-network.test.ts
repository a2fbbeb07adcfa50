import { describe, expect, test } from "vitest";
import { podNoHostNetwork } from "../../../../policy/rules/pod/pod-no-host-network.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import { inMesh, outsideMesh, podSpec, template, workload } from "../../../support/workloads.ts";

async function messages(fixture: Fixture, stack: readonly Fixture[] = inMesh) {
  return (await run(podNoHostNetwork, [...stack, fixture])).map(({ level, message, when }) => [
    level,
    message,
    when,
  ]);
}

function using(hostNetwork: unknown, kind = "DaemonSet"): Fixture {
  return workload(template(podSpec({ hostNetwork })), { kind });
}

describe("pod-no-host-network", () => {
  test("reports it immediately, and once", async () => {
    expect(await messages(using(true))).toEqual([
      [
        "violation",
        'DaemonSet "web": spec.template.spec.hostNetwork is true, so the pod gets no sidecar although its namespace is in the mesh. Remove it, or move the workload to a namespace outside the mesh.',
        "early",
      ],
    ]);
  });

  test("reports it in a patch and in a cron job", async () => {
    expect(await messages(using(true, "DeploymentPatch"))).toHaveLength(1);
    expect(await messages(using(true, "CronJob"))).toEqual([
      [
        "violation",
        expect.stringContaining(
          'CronJob "web": spec.jobTemplate.spec.template.spec.hostNetwork is true',
        ),
        "early",
      ],
    ]);
  });

  test.each([false, null, undefined, "true"])("accepts %j", async (value) => {
    expect(await messages(using(value))).toEqual([]);
  });

  test("reports nothing outside the mesh", async () => {
    expect(await messages(using(true), outsideMesh)).toEqual([]);
  });

  test("leaves a pod that opts out to another rule", async () => {
    const metadata = { labels: { "sidecar.istio.io/inject": "false" } };
    const fixture = workload(template(podSpec({ hostNetwork: true }), metadata));
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["spec.template.spec.hostNetwork", using(UNKNOWN)],
    ["spec.template.spec", workload(template(UNKNOWN), { kind: "DaemonSet" })],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`DaemonSet "web": ${path} is known only`), "late"],
    ]);
  });
});
