import { describe, expect, test } from "vitest";
import { podNoInjectionOptout } from "../../../../policy/rules/pod/pod-no-injection-optout.ts";
import { podTrafficAnnotationsValid } from "../../../../policy/rules/pod/pod-traffic-annotations-valid.ts";
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

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [podNoInjectionOptout, podTrafficAnnotationsValid];

const INJECT = "sidecar.istio.io/inject";
const OUT = { labels: { [INJECT]: "false" } };

async function messages(
  fixture: Fixture,
  stack: readonly Fixture[] = inMesh,
  options?: Run,
): Promise<[string, string][]> {
  return (await run(RULES, [...stack, fixture], options)).map(({ level, message }) => [
    level,
    message,
  ]);
}

function marked(metadata: Props): Fixture {
  return workload(template(podSpec(), metadata));
}

function allowed(...names: string[]): Run {
  return { config: { "pod-no-injection-optout": { allowed: names } } };
}

describe("pod-no-injection-optout", () => {
  test.each([
    ["labels", OUT],
    ["annotations", { annotations: { [INJECT]: "false" } }],
  ])("reports an opt-out in %s, once", async (marks, metadata) => {
    expect(await messages(marked(metadata))).toEqual([
      [
        "violation",
        `Deployment "web": spec.template.metadata.${marks}["${INJECT}"] is "false", so the pod has no sidecar in a namespace of the mesh. Remove it, or move the workload to a namespace outside the mesh. If it must stay out of the mesh, add shop/web to allowed of this rule.`,
      ],
    ]);
  });

  test("reports an opt-out in every kind of workload, and in patches", async () => {
    const kinds = ["StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "DeploymentPatch"];
    for (const kind of kinds) {
      expect(await messages(workload(template(podSpec(), OUT), { kind })), kind).toHaveLength(1);
    }
    const pod = { metadata: { namespace: "shop", ...OUT }, spec: podSpec() };
    expect(await messages(object(provider, "core/v1", "Pod", pod))).toHaveLength(1);
  });

  test.each<[string, Props]>([
    ["a pod without labels", {}],
    ["a label that requests the sidecar", { labels: { [INJECT]: "true" } }],
    [
      "a label that overrides the annotation",
      { labels: { [INJECT]: "" }, annotations: { [INJECT]: "false" } },
    ],
    ["another annotation", { annotations: { "sidecar.istio.io/proxyCPU": "100m" } }],
  ])("accepts %s", async (_, metadata) => {
    expect(await messages(marked(metadata))).toEqual([]);
  });

  test("reports nothing outside the mesh", async () => {
    expect(await messages(marked(OUT), outsideMesh)).toEqual([]);
  });

  const PAUSE = container({ image: "mcr.microsoft.com/oss/v2/kubernetes/pause:3.10.2" });

  test.each<[string, Props[], number]>([
    ["only mounts volumes", [PAUSE], 0],
    ["has an active container", [PAUSE, container()], 1],
    ["runs a similarly named image", [container({ image: "ghcr.io/shop/pauser:1" })], 1],
    ["runs an unknown image", [container({ image: UNKNOWN })], 1],
    ["runs nothing", [], 1],
  ])("judges a pod that opts out and %s", async (_, containers, count) => {
    const fixture = workload(template(podSpec({ containers }), OUT));
    expect(await messages(fixture)).toHaveLength(count);
  });

  test("reports a pod on the host network that opts out", async () => {
    const fixture = workload(template(podSpec({ hostNetwork: true }), OUT));
    expect(await messages(fixture)).toHaveLength(1);
  });

  test.each([
    ["shop/web", 0],
    ["shop/*", 0],
    ["shop/we", 1],
    ["other/web", 1],
    ["other/*", 1],
  ])("accepts %s in allowed", async (name, count) => {
    expect(await messages(marked(OUT), inMesh, allowed(name))).toHaveLength(count);
  });

  test("identifies a workload with a generated name by its Pulumi name", async () => {
    const fixture = object(
      provider,
      "apps/v1",
      "Deployment",
      {
        metadata: { namespace: "shop" },
        spec: { template: template(podSpec(), OUT) },
      },
      "frontend",
    );
    expect(await messages(fixture, inMesh, allowed("shop/frontend"))).toEqual([]);
    expect(await messages(fixture)).toEqual([
      ["violation", expect.stringContaining("add shop/frontend to allowed of this rule.")],
    ]);
  });

  test.each([
    ["shop/web", true],
    ["shop/*", true],
    ["web", false],
    ["/web", false],
    ["shop/", false],
    ["a/b/c", false],
  ])("validates the setting %s: %s", (name, legal) => {
    const items = podNoInjectionOptout.config["allowed"]?.items;
    const pattern = typeof items === "object" && "pattern" in items ? items.pattern : undefined;
    expect(new RegExp(pattern ?? "^$").test(name)).toBe(legal);
  });

  describe("traffic that bypasses the sidecar", () => {
    test.each([
      [
        "traffic.sidecar.istio.io/includeInboundPorts",
        "",
        "all inbound traffic bypasses the sidecar",
      ],
      [
        "traffic.sidecar.istio.io/includeOutboundIPRanges",
        "",
        "all outbound traffic bypasses the sidecar",
      ],
      [
        "traffic.sidecar.istio.io/excludeOutboundIPRanges",
        "10.0.0.0/8,0.0.0.0/0",
        "all outbound traffic bypasses the sidecar",
      ],
      [
        "traffic.sidecar.istio.io/excludeOutboundIPRanges",
        "::/0",
        "all outbound traffic bypasses the sidecar",
      ],
      ["sidecar.istio.io/interceptionMode", "NONE", "all traffic bypasses the sidecar"],
    ])("reports %s: %j", async (name, value, effect) => {
      expect(await messages(marked({ annotations: { [name]: value } }))).toEqual([
        [
          "violation",
          `Deployment "web": spec.template.metadata.annotations["${name}"] is ${JSON.stringify(value)}, so ${effect}. Remove it. To bypass the sidecar for some ports or ranges, exclude only those.`,
        ],
      ]);
    });

    test.each(["excludeInboundPorts", "excludeOutboundPorts", "excludeOutboundIPRanges"])(
      "reports the wildcard in %s, which istiod rejects",
      async (name) => {
        const annotation = `traffic.sidecar.istio.io/${name}`;
        const reports = await run(RULES, [
          ...inMesh,
          marked({ annotations: { [annotation]: " * " } }),
        ]);
        expect(reports.map(({ policy, message }) => [policy, message])).toEqual([
          [
            "pod-traffic-annotations-valid",
            `Deployment "web": spec.template.metadata.annotations["${annotation}"] is " * ", but istiod does not accept a wildcard there, and rejects the pod. List the ports or ranges that must bypass the sidecar.`,
          ],
        ]);
      },
    );

    test.each([
      ["traffic.sidecar.istio.io/includeInboundPorts", "*"],
      ["traffic.sidecar.istio.io/includeOutboundIPRanges", "*"],
      ["traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.0.0.0/8,169.254.169.254/32"],
      ["traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.0.0.0/10"],
      ["traffic.sidecar.istio.io/excludeOutboundIPRanges", ""],
      ["sidecar.istio.io/interceptionMode", "TPROXY"],
      ["traffic.sidecar.istio.io/excludeInboundPorts", "9090"],
    ])("accepts %s: %j", async (name, value) => {
      expect(await messages(marked({ annotations: { [name]: value } }))).toEqual([]);
    });

    test("matters only with a sidecar", async () => {
      const annotations = { "sidecar.istio.io/interceptionMode": "NONE" };
      expect(await messages(marked({ annotations }), outsideMesh)).toEqual([]);
      expect(await messages(marked({ annotations, ...OUT }))).toEqual([
        ["violation", expect.stringContaining(INJECT)],
      ]);
    });
  });

  test.each<[string, Fixture]>([
    [`spec.template.metadata.labels["${INJECT}"]`, marked({ labels: { [INJECT]: UNKNOWN } })],
    ["spec.template.metadata.annotations", marked({ annotations: UNKNOWN })],
    ["spec.template", workload(UNKNOWN)],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`Deployment "web": ${path} is known only once`)],
    ]);
  });
});
