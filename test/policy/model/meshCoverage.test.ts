import { describe, expect, test } from "vitest";
import { nsNoLegacyInjectionLabel } from "../../../policy/rules/ns/ns-no-legacy-injection-label.ts";
import { nsRevisionOnCluster } from "../../../policy/rules/ns/ns-revision-on-cluster.ts";
import { podNoHostNetwork } from "../../../policy/rules/pod/pod-no-host-network.ts";
import { podReservedUid } from "../../../policy/rules/pod/pod-reserved-uid.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { run } from "../../support/policy.ts";
import type { Run } from "../../support/policy.ts";

const RULES = [nsNoLegacyInjectionLabel, nsRevisionOnCluster];

/** What is reported about a stack, as policy and text; coverage gaps with their resource. */
async function found(stack: readonly Fixture[], options: Run = {}) {
  const reports = await run(RULES, stack, { ...options, coverage: true });
  return reports.map(({ policy, resource, message }) =>
    policy === "mesh-coverage" ? [policy, resource, message] : [policy, resource],
  );
}

const scope = (settings: object): Run => ({ config: { "mesh-scope": settings } });

describe("objects on a cluster of another stack", () => {
  const elsewhere: Fixture = {
    type: "pulumi:providers:kubernetes",
    name: "aks",
    props: { kubeconfig: "elsewhere" },
  };
  const web = object(elsewhere, "apps/v1", "Deployment", { metadata: { name: "web" } }, "web");
  const legacy = namespace(elsewhere, { "istio-injection": "enabled" });
  const FIX =
    "Set clusterUsesAddon of mesh-scope in the policy configuration to true, with the cluster's revisions, or to false if it does not have the add-on.";

  test("are counted once, with the setting that describes the cluster", async () => {
    expect(await found([elsewhere, legacy, web])).toEqual([
      [
        "mesh-coverage",
        "aks",
        `Provider "aks": 2 objects (Namespace "shop" and Deployment "web") go to a cluster that the program does not create, and whether it has the Istio add-on is not known. The mesh rules do not judge them. ${FIX}`,
      ],
    ]);
  });

  test("are said of the Flux configuration that applies them", async () => {
    const flux: Fixture = {
      type: "azure-native:kubernetesconfiguration:FluxConfiguration",
      name: "gitops",
      props: { clusterName: "elsewhere" },
    };
    const shop = { ...namespace(flux, { "istio-injection": "enabled" }), parent: flux };
    expect(await found([cluster(), flux, shop])).toEqual([
      [
        "mesh-coverage",
        "gitops",
        `FluxConfiguration "gitops": 1 object (Namespace "shop") goes to a cluster that the program does not create, and whether it has the Istio add-on is not known. The mesh rules do not judge them. ${FIX}`,
      ],
    ]);
  });

  test("are listed up to three", async () => {
    const many = Array.from({ length: 12 }, (_, index) => namespace(elsewhere, {}, `ns-${index}`));
    const [[, , message] = []] = await found([elsewhere, ...many]);
    expect(message).toContain(
      '12 objects (Namespace "ns-0", Namespace "ns-1", Namespace "ns-2" and 9 more) go to',
    );
  });

  test("are judged if one of them names a revision of the add-on", async () => {
    const labelled = namespace(elsewhere, { "istio.io/rev": "asm-1-30" }, "bill");
    expect(await found([elsewhere, legacy, labelled])).toEqual([
      ["ns-no-legacy-injection-label", "shop"],
      [
        "mesh-coverage",
        "aks",
        `Provider "aks": 2 objects (Namespace "shop" and Namespace "bill") go to a cluster that the program does not create, and whether it has the Istio add-on is not known. The rules judge them as objects on a mesh, because Namespace "bill" has the label of a revision of the add-on. ${FIX}`,
      ],
      [
        "mesh-coverage",
        "bill",
        'Namespace "bill": the revisions of the cluster of another stack are not known, so metadata.labels["istio.io/rev"] cannot be checked. Set them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack\'s configuration. Not judged: ns-revision-on-cluster.',
      ],
    ]);
  });

  test.each(["prod", "asm-1157-23", "asm-managed"])(
    "are not judged by the label %s, which others use too",
    async (revision) => {
      const labelled = namespace(elsewhere, { "istio.io/rev": revision }, "bill");
      expect((await found([elsewhere, legacy, labelled])).map(([policy]) => policy)).toEqual([
        "mesh-coverage",
      ]);
    },
  );

  test("are settled by the cluster in mesh-scope", async () => {
    const labelled = namespace(elsewhere, { "istio.io/rev": "asm-1-30" }, "bill");
    const stack = [elsewhere, legacy, labelled];
    expect(await found(stack, scope({ clusterUsesAddon: false }))).toEqual([]);
    expect(await found(stack, scope({ revisions: ["asm-1-30"] }))).toEqual([
      ["ns-no-legacy-injection-label", "shop"],
    ]);
    expect(
      (await found(stack, scope({ clusterUsesAddon: true }))).map(([policy]) => policy),
    ).toEqual(["ns-no-legacy-injection-label", "mesh-coverage"]);
  });

  test("can be excepted", async () => {
    const exceptions = [
      {
        rule: "mesh-coverage",
        resource: "pulumi:providers:kubernetes::aks",
        reason: "Judged in its own pipeline.",
        until: "2027-01-31",
      },
    ];
    const reports = await run(RULES, [elsewhere, legacy], {
      ...scope({ exceptions }),
      coverage: true,
    });
    expect(reports).toEqual([]);
  });
});

describe("ambiguous clusters", () => {
  const mesh = cluster();
  const plain = cluster({ serviceMeshProfile: undefined }, "plain");
  // What the SDK leaves of a kubeconfig from an invoke with an unknown argument.
  const lost: Fixture = { ...kubernetes(plain), from: {} };
  const FIX = "Make the provider depend on its cluster (dependsOn).";
  const between =
    'to one of ManagedCluster "orders" and ManagedCluster "plain", which cannot be distinguished before they exist, and not all of them have the Istio add-on.';

  test("are reported, and their objects are judged if they are for the mesh", async () => {
    const silent = namespace(lost, { "istio-injection": "enabled" });
    expect(await found([mesh, plain, lost, silent])).toEqual([
      [
        "mesh-coverage",
        "plain",
        `Provider "plain": 1 object (Namespace "shop") goes ${between} The mesh rules do not judge them. ${FIX}`,
      ],
    ]);
    const dead = namespace(lost, { "istio.io/rev": "asm-1-27" });
    expect(await found([mesh, plain, lost, dead])).toEqual([
      ["ns-revision-on-cluster", "shop"],
      [
        "mesh-coverage",
        "plain",
        `Provider "plain": 1 object (Namespace "shop") goes ${between} The rules judge them as objects on a mesh, because Namespace "shop" has the label of a revision of the add-on. ${FIX}`,
      ],
    ]);
  });

  test("are resolved by a provider that depends on its own", async () => {
    const dead = (on: Fixture) => namespace(on, { "istio.io/rev": "asm-1-27" });
    const onPlain: Fixture = { ...lost, dependsOn: [plain] };
    expect(await found([mesh, plain, onPlain, dead(onPlain)])).toEqual([]);
    const onMesh: Fixture = { ...lost, dependsOn: [mesh] };
    expect(await found([mesh, plain, onMesh, dead(onMesh)])).toEqual([
      ["ns-revision-on-cluster", "shop"],
    ]);
  });

  test("do not matter if both have the add-on", async () => {
    const west = cluster({}, "west");
    expect(await found([mesh, west, lost, namespace(lost)])).toEqual([]);
  });
});

describe("a resource that creates hidden objects", () => {
  const mesh = cluster();
  const on = kubernetes(mesh);
  const component = (type: string, name: string): Fixture => ({
    type,
    name,
    props: {},
    provider: on,
  });
  const EXPANDED =
    "creates objects that this preview does not show, so no rule judges them. A preview with the Pulumi CLI and this pack does.";
  const HIDDEN = "applies objects that no rule sees. Check them where they are rendered.";

  test.each([
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:yaml:ConfigFile",
    "kubernetes:yaml:ConfigGroup",
    "kubernetes:kustomize/v2:Directory",
    "kubernetes:kustomize:Directory",
    "kubernetes:helm.sh/v3:Chart",
    "kubernetes:helm.sh/v4:Chart",
  ])("%s is reported if it has no children", async (type) => {
    const source = component(type, "source");
    const label = `${type.split(":").at(-1) ?? ""} "source"`;
    expect(await found([mesh, on, source])).toEqual([
      ["mesh-coverage", "source", `${label}: ${EXPANDED}`],
    ]);
    expect(await found([mesh, on, source, { ...namespace(on), parent: source }])).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["Release", helmRelease(on)],
    ["HelmRelease", object(on, "helm.toolkit.fluxcd.io/v2", "HelmRelease", {})],
    ["Kustomization", object(on, "kustomize.toolkit.fluxcd.io/v1", "Kustomization", {})],
    ["Application", object(on, "argoproj.io/v1alpha1", "Application", {})],
    ["ApplicationSet", object(on, "argoproj.io/v1alpha1", "ApplicationSet", {})],
    [
      "FluxConfiguration",
      {
        type: "azure-native:kubernetesconfiguration:FluxConfiguration",
        name: "shop",
        props: { clusterName: "orders" },
      },
    ],
  ])("%s is reported", async (kind, fixture) => {
    expect(await found([mesh, on, fixture])).toEqual([
      ["mesh-coverage", "shop", `${kind} "shop": ${HIDDEN}`],
    ]);
  });

  test("is reported once for each kind", async () => {
    const releases = ["a", "b", "c", "d", "e"].map((name) => ({ ...helmRelease(on), name }));
    expect(await found([mesh, on, ...releases])).toEqual([
      ["mesh-coverage", "a", `Release "a", Release "b", Release "c" and 2 more: ${HIDDEN}`],
    ]);
  });

  test("is ignored on a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const there = kubernetes(plain);
    expect(await found([plain, there, helmRelease(there)])).toEqual([]);
  });
});

describe("objects in a namespace that nothing shows", () => {
  const mesh = cluster();
  const on = kubernetes(mesh);
  const web = (namespace?: string, labels?: object): Fixture =>
    object(
      on,
      "apps/v1",
      "Deployment",
      { metadata: { name: "web", namespace }, spec: { template: { metadata: { labels } } } },
      "web",
    );
  const api = object(on, "core/v1", "Service", { metadata: { name: "api", namespace: "bill" } });
  const FIX =
    "Add the Namespace with its labels. If it is declared elsewhere, list the namespaces that are in the mesh as namespaces of mesh-scope in the policy configuration.";

  test("are reported once", async () => {
    expect(await found([mesh, on, web("shop"), api])).toEqual([
      [
        "mesh-coverage",
        "web",
        `Deployment "web" and Service "api": the stack does not show the labels of the namespaces shop and bill, so whether they are in the mesh is not known, and rules for the mesh do not judge them. ${FIX}`,
      ],
    ]);
  });

  test("may be in the namespace that objects without one are in", async () => {
    expect(await found([mesh, on, web()])).toEqual([
      [
        "mesh-coverage",
        "web",
        `Deployment "web": the stack does not show the labels of the namespace default, so whether it is in the mesh is not known, and rules for the mesh do not judge it. ${FIX}`,
      ],
    ]);
  });

  test.each<[string, readonly Fixture[], Run?]>([
    ["the stack declares it without labels", [web("shop"), namespace(on, {})]],
    ["the configuration lists it", [web("shop")], scope({ namespaces: { shop: "asm-1-30" } })],
    ["the configuration lists another one", [web("shop")], scope({ namespaces: { bill: "prod" } })],
    ["it belongs to the system", [web("flux-system")]],
    ["the pods join by themselves", [web("shop", { "istio.io/rev": "asm-1-30" })]],
    ["the object does not depend on it", [object(on, "core/v1", "ConfigMap", {})]],
  ])("are not if %s", async (_, objects, options) => {
    expect(await found([mesh, on, ...objects], options)).toEqual([]);
  });

  test("are not on a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const there = kubernetes(plain);
    expect(await found([plain, there, { ...web("shop"), provider: there }])).toEqual([]);
  });
});

test("an unknown value that several rules need is reported once, with the rules and the resources", async () => {
  const mesh = cluster();
  const on = kubernetes(mesh);
  const web = (name: string) =>
    object(
      on,
      "apps/v1",
      "Deployment",
      { metadata: { name, namespace: "shop" }, spec: { template: { spec: UNKNOWN } } },
      name,
    );
  const stack = [mesh, on, namespace(on), web("a"), web("b")];
  const reports = await run([podNoHostNetwork, podReservedUid], stack, { coverage: true });
  expect(
    reports.map(({ policy, resource, message, when }) => [policy, resource, message, when]),
  ).toEqual([
    [
      "mesh-coverage",
      "a",
      'Deployment "a" and Deployment "b": spec.template.spec is known only once it is deployed. Give it a value that does not depend on another resource. Not judged: pod-no-host-network, pod-reserved-uid.',
      "late",
    ],
  ]);
});

describe("a resource in a form that no rule reads", () => {
  const mesh = cluster();
  const provider = kubernetes(mesh);

  test("is an object of the core group only in a List: a CustomResource has the group's plain version", async () => {
    const labels = { "istio-injection": "enabled" };
    const custom = (kind: string, inputs: Fixture["props"], name: string): Fixture => ({
      ...object(provider, "core/v1", kind, inputs, name),
      type: `kubernetes:v1:${kind}`,
    });
    const one = custom("Namespace", { metadata: { name: "one", labels } }, "one");
    const patch = custom("NamespacePatch", { metadata: { name: "two", labels } }, "two");
    const typed = custom(
      "NamespaceList",
      { items: [{ metadata: { name: "three", labels } }] },
      "three",
    );
    const list = custom("List", { items: [{ kind: "Namespace" }] }, "four");
    expect(await found([mesh, provider, one, patch, typed, list])).toEqual([
      ["ns-no-legacy-injection-label", "one"],
      ["ns-no-legacy-injection-label", "two"],
      ["ns-no-legacy-injection-label", "three"],
      [
        "mesh-coverage",
        "four",
        'List "four": applies objects that no rule sees. Check them where they are rendered.',
      ],
    ]);
  });

  test.each([
    "azure-native:resources:Deployment",
    "azure-native:resources/v20240301:Deployment",
    "azapi:index/resource:Resource",
    "azurerm:index/kubernetesCluster:KubernetesCluster",
  ])("is a cluster created by %s", async (type) => {
    const template: Fixture = { type, name: "platform", props: {} };
    const label = `${type.slice(type.lastIndexOf(":") + 1)} "platform"`;
    expect(await found([template])).toEqual([
      [
        "mesh-coverage",
        "platform",
        `${label}: may create or change clusters in a form that the rules do not read. Declare clusters with azure-native or azure, or exempt the resource if it creates none.`,
      ],
    ]);
    expect(await found([{ ...template, type: "azure-native:resources:ResourceGroup" }])).toEqual(
      [],
    );
  });
});
