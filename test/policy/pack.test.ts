import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import type { Diagnostic, PolicyConfig } from "../support/analyzer.ts";
import { ADVISORY, Analyzer, DISABLED, MANDATORY, REMEDIATE } from "../support/analyzer.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
  urnOf,
} from "../support/fixtures.ts";
import type { Fixture, Props } from "../support/fixtures.ts";

const SECRET = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SECRET]: "1b47061264138c4ac30d75fd1eb44270", value });

const mesh = cluster();
const provider = kubernetes(mesh);
const wrongLabel = namespace(provider, { "istio.io/rev": "asm-1-27" });
const legacy = namespace(provider, { "istio-injection": "enabled" }, "legacy");
const osm = cluster({ addonProfiles: { openServiceMesh: { enabled: true } } });

/** Rules of every kind that the engine supports; the reports of the others have tests of their own. */
const JUDGES: ReadonlySet<string> = new Set([
  "mesh-scope",
  "mesh-no-istio-helm",
  "mesh-osm-conflict",
  "mesh-revision-known",
  "mesh-revision-kubernetes-compat",
  "ns-no-legacy-injection-label",
  "ns-revision-on-cluster",
]);

const OTHERS_DISABLED: PolicyConfig = Object.fromEntries(
  rules.filter(({ name }) => !JUDGES.has(name)).map(({ name }) => [name, { level: DISABLED }]),
);

let pack: Analyzer;

function configure(config: PolicyConfig = {}): Promise<void> {
  return pack.configure({ ...OTHERS_DISABLED, ...config });
}

beforeAll(async () => {
  pack = await Analyzer.start();
  await configure();
});

afterAll(() => {
  pack.stop();
});

function policiesOf(diagnostics: readonly { policy: string }[]): string[] {
  return diagnostics.map(({ policy }) => policy);
}

describe("the pack as Pulumi starts it", () => {
  test("has every rule, with mesh-scope before them, mesh-coverage and mesh-exceptions after, and with their texts", () => {
    const { info } = pack;
    expect(info.getName()).toBe("aks-istio-policies");
    expect(info.getVersion()).toBe("0.1.0");
    const offered = info.getPoliciesList();
    expect(offered.map((policy) => policy.getName())).toEqual([
      "mesh-scope",
      ...rules.map(({ name }) => name),
      "mesh-coverage",
      "mesh-exceptions",
    ]);
    for (const policy of offered) {
      expect(policy.getDisplayname()).toMatch(/\S/);
      expect(policy.getDescription()).toMatch(/\.$/);
      expect(policy.getRemediationSteps()).toMatch(/\S/);
      expect(policy.getUrl()).toMatch(/^https:\/\//);
      expect(policy.getSeverity()).toBeGreaterThan(0);
      expect(policy.getTagsList().length).toBeGreaterThan(0);
    }
  });

  test("reports nothing about a compliant stack, except the hidden objects of a release", async () => {
    expect(await pack.preview([mesh, provider, namespace(provider)])).toEqual([]);
    const release = helmRelease(provider);
    expect(await pack.preview([mesh, provider, namespace(provider), release])).toMatchObject([
      { policy: "mesh-coverage", level: ADVISORY, urn: urnOf(release) },
    ]);
  });

  test("reports nothing about AKS without a mesh", async () => {
    const plain = cluster({ serviceMeshProfile: undefined, addonProfiles: UNKNOWN });
    const on = kubernetes(plain);
    const stack = [
      plain,
      on,
      namespace(on, { "istio-injection": "enabled", "istio.io/rev": "asm-1-27" }),
      helmRelease(on, { chart: "istiod" }),
      object(on, "apps/v1", "Deployment", { spec: UNKNOWN }),
    ];
    expect(await pack.preview(stack)).toEqual([]);
  });

  test("reports the description first", async () => {
    expect(await pack.preview([osm])).toEqual([
      {
        policy: "mesh-osm-conflict",
        level: MANDATORY,
        message: `A cluster with the Istio add-on does not have the Open Service Mesh add-on: AKS rejects the combination.
ManagedCluster "orders": serviceMeshProfile.mode is Istio while addonProfiles.openServiceMesh.enabled is true. Set addonProfiles.openServiceMesh.enabled to false first. Set serviceMeshProfile.mode to Istio once the traffic policies have moved.`,
      },
    ]);
  });

  test("reports findings of the whole stack at the resource, although that has no properties any more", async () => {
    const west = cluster(
      { serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-27"] } } },
      "west",
    );
    expect(wrongLabel.outputs).toEqual({});
    expect(await pack.preview([mesh, west, provider, kubernetes(west), wrongLabel])).toMatchObject([
      { policy: "ns-revision-on-cluster", level: MANDATORY, urn: urnOf(wrongLabel) },
    ]);
  });

  test("reports early findings once", async () => {
    expect(policiesOf(await pack.preview([mesh, provider, wrongLabel]))).toEqual([
      "ns-revision-on-cluster",
    ]);
    const istiod = helmRelease(provider, { chart: "istiod" });
    expect(policiesOf(await pack.preview([mesh, provider, istiod]))).toEqual([
      "mesh-no-istio-helm",
      "mesh-coverage",
    ]);
  });

  test("calls a rule for each of its types", async () => {
    const template = { metadata: { labels: { "istio.io/rev": "asm-1-27" } } };
    const workload = object(provider, "apps/v1", "DeploymentPatch", { spec: { template } });
    const local = {
      ...osm,
      type: "azure-native_containerservice_v20260501:containerservice:ManagedCluster",
    };
    await pack.analyze(mesh);
    expect(policiesOf(await pack.analyze(workload))).toEqual(["ns-revision-on-cluster"]);
    expect(policiesOf(await pack.analyze(local))).toEqual(["mesh-osm-conflict"]);
  });

  test("stops a deployment with a known kubeconfig at the resource", async () => {
    const on = kubernetes(mesh, kubeconfigOf(mesh));
    await pack.analyze(mesh);
    expect(policiesOf(await pack.analyze(namespace(on, { "istio.io/rev": "asm-1-27" })))).toEqual([
      "ns-revision-on-cluster",
    ]);
  });

  test("reports values that a mandatory rule cannot know as not judged, and not under the rule", async () => {
    const open = cluster({ kubernetesVersion: undefined });
    expect(await pack.preview([open])).toEqual([
      {
        policy: "mesh-coverage",
        level: ADVISORY,
        urn: urnOf(open),
        message: `The rules see every Kubernetes object of the stack, know its cluster, and can read the values that they need.
ManagedCluster "orders": kubernetesVersion is not set, so AKS chooses a version, and the rule cannot tell whether the mesh's revisions support it. Set kubernetesVersion. Not judged: mesh-revision-kubernetes-compat.`,
      },
    ]);
  });

  test("distinguishes a rule that passed from one that does not apply", async () => {
    const response = await pack.response(mesh);
    expect(response.getNotApplicableList().map((one) => one.toObject())).toEqual([
      {
        policyName: "mesh-no-istio-helm",
        reason: "Policy only applies to resources of type 'kubernetes:helm.sh/v3:Release'",
      },
      ...["ns-no-legacy-injection-label", "ns-revision-on-cluster"].map((policyName) => ({
        policyName,
        reason: "Policy only applies to resources of type 'kubernetes:core/v1:Namespace'",
      })),
    ]);
  });
});

describe("secrets and unknown values", () => {
  test("are judged by their value, and stay secret when a neighbour is remediated", async () => {
    const fixture = namespace(
      provider,
      { "istio-injection": secret("enabled"), token: secret("hunter2"), later: UNKNOWN },
      "secret",
    );
    await pack.preview([mesh, provider]);
    expect(await pack.remediate(fixture)).toEqual({
      by: ["ns-no-legacy-injection-label"],
      props: {
        metadata: {
          name: "secret",
          labels: { "istio.io/rev": "asm-1-30", token: secret("hunter2"), later: UNKNOWN },
        },
      },
    });
  });

  test("a secret object of labels is remediated inside", async () => {
    await pack.preview([mesh, provider]);
    const { props } = await pack.remediate(
      namespace(provider, secret({ "istio-injection": "enabled" }), "secret"),
    );
    expect(props).toEqual({
      metadata: { name: "secret", labels: secret({ "istio.io/rev": "asm-1-30" }) },
    });
  });

  test("a critical rule reports unknown values, at its own level", async () => {
    const unsure = cluster({
      serviceMeshProfile: UNKNOWN,
      addonProfiles: { openServiceMesh: { enabled: true } },
    });
    expect((await pack.preview([unsure])).map(({ policy, level }) => [policy, level])).toEqual([
      ["mesh-osm-conflict", MANDATORY],
      ["mesh-revision-known", MANDATORY],
      ["mesh-revision-kubernetes-compat", MANDATORY],
    ]);
  });
});

describe("remediation", () => {
  test("mends the label before the rules run", async () => {
    expect(await pack.preview([mesh, provider, legacy])).toEqual([]);
    const { props, by } = await pack.remediate(legacy);
    expect(by).toEqual(["ns-no-legacy-injection-label"]);
    expect(await pack.remediate({ ...legacy, props })).toEqual({ props, by: [] });
  });

  test("changes nothing else", async () => {
    for (const fixture of [mesh, provider, namespace(provider), helmRelease(provider)]) {
      expect(await pack.remediate(fixture)).toEqual({ props: fixture.props, by: [] });
    }
  });
});

describe("configuration", () => {
  const level = async (name: string, set: Diagnostic["level"], stack: readonly Fixture[]) => {
    await configure({ [name]: { level: set } });
    return (await pack.preview(stack))
      .filter(({ policy }) => policy === name)
      .map((one) => one.level);
  };
  const west = cluster(
    { serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-27"] } } },
    "west",
  );
  const late = [mesh, west, provider, kubernetes(west), wrongLabel];

  afterAll(() => configure());

  test("sets the level of a rule by its name, early or late", async () => {
    expect(await level("mesh-osm-conflict", ADVISORY, [osm])).toEqual([ADVISORY]);
    expect(await level("mesh-osm-conflict", DISABLED, [osm])).toEqual([]);
    expect(await level("ns-revision-on-cluster", MANDATORY, late)).toEqual([MANDATORY]);
    expect(await level("ns-revision-on-cluster", ADVISORY, late)).toEqual([ADVISORY]);
    expect(await level("ns-revision-on-cluster", DISABLED, late)).toEqual([]);
    expect(await level("ns-revision-on-cluster", REMEDIATE, late)).toEqual([MANDATORY]);
    expect(
      await level("ns-no-legacy-injection-label", MANDATORY, [mesh, provider, legacy]),
    ).toEqual([MANDATORY]);
    expect(
      await level("ns-no-legacy-injection-label", REMEDIATE, [mesh, provider, legacy]),
    ).toEqual([]);
  });

  test("describes the cluster of another stack", async () => {
    const on: Fixture = { ...provider, props: { kubeconfig: "elsewhere" }, from: {} };
    const stack = [
      on,
      namespace(on, { "istio.io/rev": "asm-1-27" }),
      helmRelease(on, { chart: "istiod" }),
    ];
    const found = async (properties: Props) => {
      await configure({ "mesh-scope": { properties } });
      return policiesOf(await pack.preview(stack));
    };
    // The revision label shows what the cluster does not: that it has the add-on.
    expect(await found({})).toEqual([
      "mesh-no-istio-helm",
      ...Array<string>(3).fill("mesh-coverage"),
    ]);
    expect(await found({ revisions: ["asm-1-30"] })).toEqual([
      "mesh-no-istio-helm",
      "ns-revision-on-cluster",
      "mesh-coverage",
    ]);
    expect(await found({ clusterUsesAddon: false })).toEqual([]);
  });

  test("reports the same without mesh-scope", async () => {
    await configure();
    const known = await pack.preview(late);
    expect(known).toHaveLength(1);
    const blind = await Analyzer.start();
    try {
      await blind.configure({ ...OTHERS_DISABLED, "mesh-scope": { level: DISABLED } });
      expect(await blind.preview(late)).toEqual(known);
      expect(policiesOf(await blind.preview([osm]))).toEqual(["mesh-osm-conflict"]);
    } finally {
      blind.stop();
    }
  });
});

test("answers concurrent requests as if they were sequential", async () => {
  await configure();
  const fixtures = Array.from({ length: 200 }, (_, index) =>
    index % 2 === 0
      ? { ...osm, name: `cluster-${index}` }
      : namespace(provider, { "istio.io/rev": UNKNOWN }, `ns-${index}`),
  );
  const alone: unknown[] = [];
  for (const fixture of fixtures) alone.push(await pack.analyze(fixture));
  expect(await Promise.all(fixtures.map((fixture) => pack.analyze(fixture)))).toEqual(alone);
  expect(alone.map((diagnostics) => (diagnostics as unknown[]).length)).toEqual(
    fixtures.map(() => 1),
  );
});
