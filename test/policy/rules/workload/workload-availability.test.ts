import { describe, expect, test } from "vitest";
import { workloadAvailability } from "../../../../policy/rules/workload/workload-availability.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";
import {
  budget,
  inMesh,
  outsideMesh,
  podSpec,
  provider,
  template,
  workload,
} from "../../../support/workloads.ts";

async function messages(fixtures: readonly Fixture[], stack: readonly Fixture[] = inMesh) {
  const reports = await run(workloadAvailability, [...stack, ...fixtures]);
  return reports.map(({ when, message }) => {
    expect(when).toBe("late");
    return message;
  });
}

const replicas = (count: unknown, kind = "Deployment") =>
  workload(template(), { kind, spec: { replicas: count } });

const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** A template without rules that spread its pods. */
const TOGETHER = template(podSpec({ topologySpreadConstraints: undefined }));

function autoscaler(
  spec: Props,
  namespace = "shop",
  type = "autoscaling/v2:HorizontalPodAutoscaler",
) {
  const [version = "", kind = ""] = type.split(":");
  return object(
    provider,
    version,
    kind,
    {
      metadata: { namespace },
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, ...spec },
    },
    "scaler",
  );
}

describe("workload-availability", () => {
  test("reports nothing about a workload that survives the loss of a node", async () => {
    expect(await messages([replicas(2), budget()])).toEqual([]);
    expect(await messages([replicas(3, "StatefulSet"), budget()])).toEqual([]);
  });

  test("reports nothing missing that something in the stack may create", async () => {
    const alone = workload(TOGETHER, { spec: { replicas: 1 } });
    const unseen = (namespace: unknown) => helmRelease(provider, { namespace });
    expect(await messages([alone, unseen("shop")])).toEqual([
      expect.stringContaining("topologySpreadConstraints is not set"),
      'Deployment "web": the stack does not show an autoscaler for its single replica, but Release "shop" may create it. Set replicas to 2 or more. If something else scales it, exempt the workload from workload-availability in exceptions of mesh-scope.',
      'Deployment "web": the stack does not show a PodDisruptionBudget that selects its pods, but Release "shop" may create it. Add one with maxUnavailable: 1 to the program. If something else creates it, exempt the workload from workload-availability in exceptions of mesh-scope.',
    ]);
    expect(await messages([alone, unseen("cert-manager")])).toHaveLength(3);
  });

  test("reports everything missing, with the whole stack, once", async () => {
    expect(await messages([workload(TOGETHER, { spec: { replicas: 1 } })])).toEqual([
      'Deployment "web": spec.replicas is 1, so every restart is an outage. Set it to 2 or more.',
      'Deployment "web": no PodDisruptionBudget selects its pods, so draining nodes may evict all of them at once. Add one with maxUnavailable: 1.',
      'Deployment "web": spec.template.spec.topologySpreadConstraints is not set, and neither is podAntiAffinity, so all replicas may run on one node. Spread them over topology.kubernetes.io/zone and kubernetes.io/hostname.',
    ]);
  });

  describe("replicas", () => {
    test("default to one", async () => {
      expect(await messages([replicas(undefined), budget()])).toEqual([
        'Deployment "web": spec.replicas is not set, which means 1, so every restart is an outage. Set it to 2 or more.',
      ]);
    });

    test("may be zero, or unknown", async () => {
      expect(await messages([replicas(0)])).toEqual([]);
      expect(
        await messages([replicas(UNKNOWN), budget({ maxUnavailable: undefined, minAvailable: 2 })]),
      ).toEqual([]);
    });

    test("may be left to an object outside the stack", async () => {
      const left: Fixture = { ...replicas(1), ignoreChanges: ["spec.replicas"] };
      expect(await messages([left, budget()])).toEqual([]);
      const other: Fixture = { ...replicas(1), ignoreChanges: ["spec.template"] };
      expect(await messages([other, budget()])).toHaveLength(1);
      expect(await messages([left, budget(), autoscaler({ minReplicas: 1 })])).toHaveLength(1);
    });

    test("are the minimum of an autoscaler", async () => {
      const of = (minReplicas: unknown) => [
        replicas(undefined),
        budget(),
        autoscaler({ minReplicas }),
      ];
      expect(await messages(of(2))).toEqual([]);
      expect(await messages(of(UNKNOWN))).toEqual([]);
      const because = "so every restart is an outage. Set it to 2 or more.";
      const place = 'Deployment "web": spec.minReplicas of HorizontalPodAutoscaler "scaler" is';
      expect(await messages(of(1))).toEqual([`${place} 1, ${because}`]);
      expect(await messages(of(undefined))).toEqual([
        `${place} not set, which means 1, ${because}`,
      ]);
    });

    test.each<[string, Fixture]>([
      [
        "another workload",
        autoscaler({ scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas: 2 }),
      ],
      [
        "another kind",
        autoscaler({ scaleTargetRef: { kind: "StatefulSet", name: "web" }, minReplicas: 2 }),
      ],
      ["another namespace", autoscaler({ minReplicas: 2 }, "other")],
    ])("are not those of the autoscaler of %s", async (_, scaler) => {
      expect(await messages([replicas(1), budget(), scaler])).toHaveLength(1);
    });

    test("include those of an autoscaler whose target has a generated name", async () => {
      const nameless = object(
        provider,
        "apps/v1",
        "Deployment",
        {
          metadata: { namespace: "shop" },
          spec: { replicas: 1, template: template() },
        },
        "web",
      );
      const scaler: Fixture = {
        ...autoscaler({ minReplicas: 2, scaleTargetRef: { kind: "Deployment", name: UNKNOWN } }),
        from: { spec: [nameless] },
      };
      expect(await messages([nameless, budget(), scaler])).toEqual([]);
      const other = object(provider, "apps/v1", "Deployment", nameless.props, "api");
      expect(await messages([nameless, other, budget(), scaler])).toHaveLength(1);
      const either: Fixture = { ...scaler, from: { spec: [nameless, other] } };
      expect(await messages([nameless, other, budget(), either])).toEqual([]);
      expect(await messages([nameless, budget(), { ...scaler, from: {} }])).toHaveLength(1);
    });

    test("may come from an autoscaler of an unknown kind", async () => {
      const scaler = autoscaler({
        scaleTargetRef: { kind: UNKNOWN, name: "web" },
        minReplicas: 2,
      });
      expect(await messages([replicas(1), budget(), scaler])).toEqual([]);
    });

    test.each([
      [{ minReplicaCount: 2 }, 0],
      [{ minReplicaCount: 1 }, 1],
      // Intentionally, none.
      [{}, 0],
    ])("are those of KEDA: %j", async (spec, count) => {
      const scaler = autoscaler(
        { ...spec, scaleTargetRef: { name: "web" } },
        "shop",
        "keda.sh/v1alpha1:ScaledObject",
      );
      expect(await messages([replicas(1), budget(), scaler])).toHaveLength(count);
    });
  });

  describe("the disruption budget", () => {
    const BLOCKS =
      'Deployment "web": PodDisruptionBudget "web" does not allow any of its 2 pods to be evicted, so a node that runs one cannot be drained. Set its maxUnavailable to 1, and remove minAvailable.';

    test.each<[Props, number]>([
      [{ maxUnavailable: 1 }, 0],
      [{ maxUnavailable: 0 }, 1],
      [{ maxUnavailable: "0%" }, 1],
      [{ maxUnavailable: "1%" }, 0],
      [{ minAvailable: 1 }, 0],
      [{ minAvailable: 2 }, 1],
      [{ minAvailable: 3 }, 1],
      [{ minAvailable: "50%" }, 0],
      [{ minAvailable: "51%" }, 1],
      [{ minAvailable: "100%" }, 1],
      [{}, 1],
      [{ minAvailable: UNKNOWN }, 0],
    ])("allows one of two to be evicted: %j", async (spec, count) => {
      const fixture = budget({ maxUnavailable: undefined, ...spec });
      expect(await messages([replicas(2), fixture])).toEqual(count === 0 ? [] : [BLOCKS]);
    });

    test("allows the only one to be evicted", async () => {
      const found = await messages([
        replicas(1),
        budget({ maxUnavailable: undefined, minAvailable: 1 }),
      ]);
      expect(found[1]).toBe(
        'Deployment "web": PodDisruptionBudget "web" does not allow its single pod to be evicted, so a node that runs one cannot be drained. Set its maxUnavailable to 1, and remove minAvailable.',
      );
    });

    test.each<[string, unknown, number]>([
      ["labels", { matchLabels: { app: "web" } }, 0],
      ["other labels", { matchLabels: { app: "api" } }, 1],
      ["more labels", { matchLabels: { app: "web", tier: "front" } }, 1],
      ["everything", {}, 0],
      ["nothing", undefined, 1],
      ["an expression", { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] }, 0],
      ["an unknown selector", UNKNOWN, 0],
    ])("selects the pods by %s", async (_, selector, count) => {
      expect(await messages([replicas(2), budget({ selector })])).toHaveLength(count);
    });

    test("is unique, because Kubernetes evicts no pod with two budgets", async () => {
      expect(await messages([replicas(2), budget(), budget({}, "all")])).toEqual([
        'Deployment "web": PodDisruptionBudget "web" and PodDisruptionBudget "all" select its pods, but Kubernetes does not evict a pod that two budgets select. Keep only one of them.',
      ]);
    });

    test("is in the namespace, and on the cluster, of the workload", async () => {
      const elsewhere = object(provider, "policy/v1", "PodDisruptionBudget", {
        metadata: { name: "web", namespace: "other" },
        spec: { maxUnavailable: 1, selector: {} },
      });
      expect(await messages([replicas(2), elsewhere])).toHaveLength(1);
      const west = cluster({}, "west");
      const onWest = kubernetes(west);
      expect(await messages([replicas(2), west, onWest, budget({}, "web", onWest)])).toHaveLength(
        1,
      );
    });

    test("is found in a namespace with a generated name", async () => {
      const [mesh, on] = inMesh;
      const auto = object(on, "core/v1", "Namespace", {
        metadata: { labels: { "istio.io/rev": "asm-1-30" } },
      });
      const there = { namespace: UNKNOWN };
      const from = { metadata: [auto] };
      const app: Fixture = { ...workload(template(), { metadata: there }), from };
      const guard: Fixture = {
        ...budget(),
        props: { ...budget().props, metadata: there },
        from,
      };
      const stack = [mesh, on, auto].filter((one) => one !== undefined);
      expect(await messages([app, guard], stack)).toEqual([]);
      expect(await messages([app, budget()], stack)).toHaveLength(1);
      const other = object(on, "core/v1", "Namespace", { metadata: {} }, "other");
      const strange: Fixture = { ...guard, from: { metadata: [other] } };
      expect(await messages([other, app, strange], stack)).toHaveLength(1);
    });

    test("may be in another namespace if that is unknown", async () => {
      const metadata = { namespace: UNKNOWN };
      const joined = template(podSpec(), { labels: { "istio.io/rev": "asm-1-30" } });
      const guard: Fixture = { ...budget(), props: { ...budget().props, metadata } };
      expect(await messages([workload(joined, { metadata }), guard])).toEqual([
        expect.stringContaining("no PodDisruptionBudget selects its pods"),
      ]);
    });

    const carrying = (labels: unknown) => workload({ metadata: { labels }, spec: podSpec() });

    test.each<[string, unknown, unknown, number]>([
      ["unknown labels", UNKNOWN, { matchLabels: { app: "web" } }, 0],
      ["an unknown label", { app: UNKNOWN }, { matchLabels: { app: "web" } }, 0],
      [
        "an unknown label next to one that differs",
        { app: "api", tier: UNKNOWN },
        { matchLabels: { app: "web", tier: "front" } },
        1,
      ],
      ["no labels, by everything", undefined, {}, 0],
      ["no labels, by one", undefined, { matchLabels: { app: "web" } }, 1],
      ["two labels, by the second", { a: "1", b: "2" }, { matchLabels: { b: "2" } }, 0],
      ["a label of another value", { a: "1" }, { matchLabels: { a: "2" } }, 1],
      ["an unknown label that it requires", { a: "1" }, { matchLabels: { a: UNKNOWN } }, 0],
    ])("may select pods with %s", async (_, labels, selector, count) => {
      expect(await messages([carrying(labels), budget({ selector })])).toHaveLength(count);
    });
  });

  describe("replicas on different nodes", () => {
    test.each<[string, Props, number]>([
      ["anti-affinity", { affinity: { podAntiAffinity: { [PREFERRED]: [{}] } } }, 0],
      ["an affinity to nodes", { affinity: { nodeAffinity: {} } }, 1],
      ["no constraints", { topologySpreadConstraints: [] }, 1],
      ["unknown constraints", { topologySpreadConstraints: UNKNOWN }, 0],
    ])("judges %s", async (_, changes, count) => {
      const spec = podSpec({ topologySpreadConstraints: undefined, ...changes });
      expect(await messages([workload(template(spec)), budget()])).toHaveLength(count);
    });
  });

  test.each([
    ["a workload on every node", workload(TOGETHER, { kind: "DaemonSet" }), inMesh],
    ["a job", workload(TOGETHER, { kind: "Job" }), inMesh],
    ["a patch", workload(TOGETHER, { kind: "DeploymentPatch" }), inMesh],
    ["a workload outside the mesh", workload(TOGETHER), outsideMesh],
    [
      "unknown labels of a namespace",
      workload(TOGETHER),
      [...inMesh.slice(0, 2), namespace(provider, UNKNOWN)],
    ],
  ])("reports nothing for %s", async (_, fixture, stack) => {
    expect(await messages([fixture], stack)).toEqual([]);
  });

  describe("remediation", () => {
    async function mended(fixture: Fixture, stack: readonly Fixture[] = inMesh) {
      return remediate(workloadAvailability, [...stack, fixture]);
    }
    const constraint = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { app: "web" } },
    });

    test("adds a soft spread constraint, permanently", async () => {
      const fixture = workload(TOGETHER);
      const props = await mended(fixture);
      const topologySpreadConstraints = [
        constraint("topology.kubernetes.io/zone"),
        constraint("kubernetes.io/hostname"),
      ];
      expect(props).toEqual(workload(template(podSpec({ topologySpreadConstraints }))).props);
      const fixed = { ...fixture, props: props ?? {} };
      expect(await mended(fixed)).toBeUndefined();
      expect(await messages([fixed, budget()])).toEqual([]);
    });

    test.each<[string, Fixture, readonly Fixture[]]>([
      ["one with its own soft constraint", workload(), inMesh],
      ["one outside the mesh", workload(TOGETHER), outsideMesh],
      ["a patch", workload(TOGETHER, { kind: "DeploymentPatch" }), inMesh],
      ["one scaled to zero", workload(TOGETHER, { spec: { replicas: 0 } }), inMesh],
      ["one without labels to select by", workload(TOGETHER, { spec: { selector: {} } }), inMesh],
      [
        "one with unknown labels",
        workload(TOGETHER, { spec: { selector: { matchLabels: { app: UNKNOWN } } } }),
        inMesh,
      ],
    ])("ignores %s", async (_, fixture, stack) => {
      expect(await mended(fixture, stack)).toBeUndefined();
    });
  });
});
