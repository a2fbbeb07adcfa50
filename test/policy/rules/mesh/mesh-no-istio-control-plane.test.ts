import { describe, expect, test } from "vitest";
import { meshNoIstioControlPlane } from "../../../../policy/rules/mesh/mesh-no-istio-control-plane.ts";
import { meshNoIstioSystemNamespace } from "../../../../policy/rules/mesh/mesh-no-istio-system-namespace.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshNoIstioControlPlane, meshNoIstioSystemNamespace];

const mesh = cluster();
const provider = kubernetes(mesh);

interface Made {
  readonly kind?: string;
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly labels?: unknown;
  readonly podLabels?: unknown;
  readonly containers?: unknown;
}

function workload(made: Made, on: Fixture | undefined = provider): Fixture {
  const { kind = "Deployment", name = "web", namespace = "shop", labels, podLabels } = made;
  const template = { metadata: { labels: podLabels }, spec: { containers: made.containers ?? [] } };
  const spec: Props = kind.startsWith("CronJob")
    ? { jobTemplate: { spec: { template } } }
    : { template };
  const version = kind.includes("Job") ? "batch/v1" : "apps/v1";
  return object(on, version, kind, { metadata: { name, namespace, labels }, spec });
}

async function messages(stack: readonly Fixture[]) {
  return (await run(RULES, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(made: Made) {
  return messages([mesh, provider, workload(made)]);
}

const pilot = (image: string, args?: unknown) => [{ name: "app", image, args }];

describe("mesh-no-istio-control-plane", () => {
  test("reports istiod by its name, once", async () => {
    expect(await onMesh({ name: "istiod" })).toEqual([
      [
        "violation",
        'Deployment "istiod": metadata.name is istiod, which identifies an Istio control plane, but the cluster has the add-on\'s control plane. Remove it.',
      ],
    ]);
  });

  test.each<[string, Made, string]>([
    ["istio-pilot", { name: "istio-pilot" }, "metadata.name is istio-pilot"],
    [
      "the nodes of the CNI",
      { kind: "DaemonSet", name: "istio-cni-node" },
      "metadata.name is istio-cni-node",
    ],
    ["ztunnel", { kind: "DaemonSet", name: "ztunnel" }, "metadata.name is ztunnel"],
    ["a label", { labels: { app: "istiod" } }, "metadata.labels.app is istiod"],
    [
      "a label of its pods",
      { podLabels: { app: "istiod" } },
      "spec.template.metadata.labels.app is istiod",
    ],
    [
      "a label of the CNI",
      { labels: { "k8s-app": "istio-cni-node" } },
      "metadata.labels.k8s-app is istio-cni-node",
    ],
    [
      "an Istio image",
      { containers: pilot("docker.io/istio/pilot:1.30.0") },
      "spec.template.spec.containers[0].image is docker.io/istio/pilot:1.30.0",
    ],
    [
      "an image in a mirror",
      { containers: pilot("shop.azurecr.io/istio-release/pilot@sha256:0a") },
      "image is shop.azurecr.io/istio-release/pilot@sha256:0a",
    ],
    [
      "an image that runs discovery",
      { containers: pilot("shop.azurecr.io/pilot", ["discovery"]) },
      "image is shop.azurecr.io/pilot",
    ],
    ["a StatefulSet", { kind: "StatefulSet", name: "istiod" }, "metadata.name is istiod"],
    ["a patch", { kind: "DeploymentPatch", name: "istiod" }, "metadata.name is istiod"],
    [
      "a CronJob",
      { kind: "CronJob", podLabels: { app: "istiod" } },
      "spec.jobTemplate.spec.template.metadata.labels.app is istiod",
    ],
  ])("reports it by %s", async (_, made, evidence) => {
    const [[level, message] = [], ...more] = await onMesh(made);
    expect(level).toBe("violation");
    expect(message).toContain(`${evidence}, which identifies an Istio control plane`);
    expect(more).toEqual([]);
  });

  test("judges the objects in lists", async () => {
    const items = [{ metadata: { name: "web" } }, { metadata: { name: "istiod" } }];
    const list = object(provider, "apps/v1", "DeploymentList", { items });
    expect((await messages([mesh, provider, list])).map(([, text]) => text)).toEqual([
      expect.stringContaining('Deployment "istiod": items[1].metadata.name is istiod'),
    ]);
  });

  test.each<[string, Made]>([
    ["a workload of the mesh", { podLabels: { app: "web" }, containers: pilot("podinfo:6") }],
    [
      "a workload that monitors istiod",
      { name: "istiod-exporter", labels: { app: "istiod-exporter" } },
    ],
    ["another pilot", { containers: pilot("shop.azurecr.io/autopilot:1") }],
    [
      "another pilot with the same name",
      { containers: pilot("shop.azurecr.io/pilot:1", ["serve"]) },
    ],
    ["the namespaces of the add-on", { name: "istiod", namespace: "aks-istio-system" }],
    ["unknown values", { name: UNKNOWN, labels: UNKNOWN, podLabels: UNKNOWN, containers: UNKNOWN }],
    ["invalid containers", { containers: "istiod" }],
    ["an invalid image", { containers: [{ image: { name: "pilot" } }, null] }],
  ])("ignores: %s", async (_, made) => {
    expect(await onMesh(made)).toEqual([]);
  });

  test("reports it in an unknown namespace", async () => {
    expect(await onMesh({ name: "istiod", namespace: UNKNOWN })).toHaveLength(1);
  });

  test("advises against the namespace of a self-managed Istio", async () => {
    expect(await messages([mesh, provider, namespace(provider, {}, "istio-system")])).toEqual([
      [
        "violation",
        'Namespace "istio-system": metadata.name is istio-system, the namespace of a self-managed Istio, but the add-on uses aks-istio-system. Remove the namespace unless something else uses it.',
      ],
    ]);
    expect(await messages([mesh, provider, namespace(provider)])).toEqual([]);
  });

  describe("only next to the add-on", () => {
    test.each([
      ["no mesh", cluster({ serviceMeshProfile: undefined })],
      ["a disabled mesh", cluster({ serviceMeshProfile: { mode: "Disabled" } })],
    ])("ignores a cluster with %s", async (_, plain) => {
      const on = kubernetes(plain);
      const own = namespace(on, {}, "istio-system");
      expect(await messages([plain, on, own, workload({ name: "istiod" }, on)])).toEqual([]);
    });

    test("judges a workload by its own cluster", async () => {
      const plain = cluster({ serviceMeshProfile: undefined }, "plain");
      const onPlain = kubernetes(plain);
      const stack = [mesh, plain, provider, onPlain];
      expect(await messages([...stack, workload({ name: "istiod" }, onPlain)])).toEqual([]);
      expect(await messages([...stack, workload({ name: "istiod" })])).toHaveLength(1);
    });

    test("advises if the add-on is unknown", async () => {
      const unsure = cluster({ serviceMeshProfile: { mode: UNKNOWN } });
      const on = kubernetes(unsure);
      const own = namespace(on, {}, "istio-system");
      expect(await messages([unsure, on, own, workload({ name: "istiod" }, on)])).toEqual([
        [
          "unjudged",
          'Deployment "istiod": serviceMeshProfile.mode of ManagedCluster "orders" is known only once it is deployed. Give it a value that does not depend on another resource.',
        ],
      ]);
      expect(await messages([unsure, on, workload({}, on)])).toEqual([]);
    });
  });
});
