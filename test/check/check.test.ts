import { expect, test } from "vitest";
import { check } from "../../check/check.ts";
import { contextOf, hasCluster } from "../../check/context.ts";
import type { PlannedPart } from "../../check/context.ts";
import { SCOPE } from "../../check/policies.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { readManifestText } from "../../manifests/manifestText.ts";
import { unknownText } from "../../manifests/unknownText.ts";

const read = (text: string, file = "a.yaml") => readManifestText(text, file).manifests;
const namespace = (revision: string, name = "shop") =>
  read(
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    istio.io/rev: ${JSON.stringify(revision)}\n`,
  );

/** The verdicts of some policies, by default of the one about revision labels. */
function verdicts(
  clusters: readonly (readonly Manifest[])[],
  {
    scope = { clusterUsesAddon: true },
    context = [],
    policies = ["ns-revision-on-cluster", "mesh-coverage"],
  }: {
    readonly scope?: object;
    readonly context?: readonly PlannedPart[];
    readonly policies?: readonly string[];
  } = {},
) {
  const configOf = (policy: string) => {
    if (policy === SCOPE) return { today: "2026-11-24", ...scope };
    return policies.includes(policy) ? {} : undefined;
  };
  return check(clusters, configOf, contextOf(context)).verdicts.map(
    ({ policy, outcome, resource, text }) => [policy, outcome, resource.name, text] as const,
  );
}
const short = (...args: Parameters<typeof verdicts>) =>
  verdicts(...args).map(([policy, outcome, name]) => `${policy} ${outcome} ${name}`);

test("the revisions in the configuration decide about a label", () => {
  const scope = { revisions: ["asm-1-30"] };
  expect(short([namespace("asm-1-30")], { scope })).toEqual([]);
  expect(short([namespace("asm-1-29")], { scope })).toEqual([
    "ns-revision-on-cluster violation shop",
  ]);
});

test("without revisions, a label is not judged, but one that never existed is wrong", () => {
  expect(short([namespace("asm-1-30")])).toEqual(["mesh-coverage unjudged shop"]);
  expect(short([namespace("asm-1-2")])).toEqual(["ns-revision-on-cluster violation shop"]);
});

test("a disabled policy does not judge", () => {
  expect(short([namespace("asm-1-2")], { policies: [] })).toEqual([]);
});

test("an exception makes a violation excepted", () => {
  const exceptions = [
    {
      rule: "ns-revision-on-cluster",
      resource: "kubernetes:core/v1:Namespace::sh*",
      reason: "It moves.",
      until: "2026-12-01",
    },
  ];
  const scope = { revisions: ["asm-1-30"], exceptions };
  expect(short([namespace("asm-1-29")], { scope })).toEqual([
    "ns-revision-on-cluster excepted shop",
  ]);
});

const CLUSTER = "urn:pulumi:dev::fleet::azure-native:containerservice:ManagedCluster::fleet";
const PROVIDER = "urn:pulumi:dev::fleet::pulumi:providers:kubernetes::fleet";
const fleet = (revisions: unknown): readonly PlannedPart[] => [
  {
    urn: CLUSTER,
    type: "azure-native:containerservice:ManagedCluster",
    inputs: { serviceMeshProfile: { mode: "Istio", istio: { revisions } } },
  },
];

test("the cluster of a plan decides about a label", () => {
  const context = fleet(["asm-1-29"]);
  expect(hasCluster(contextOf(context))).toBe(true);
  expect(short([namespace("asm-1-29")], { scope: {}, context })).toEqual([]);
  expect(verdicts([namespace("asm-1-30")], { scope: {}, context })).toEqual([
    [
      "ns-revision-on-cluster",
      "violation",
      "shop",
      'metadata.labels["istio.io/rev"] is "asm-1-30", which is neither a revision nor a tag of ManagedCluster "fleet" (asm-1-29), so no sidecars are injected. Set it to asm-1-29.',
    ],
  ]);
});

test("a plan without a cluster has none", () => {
  expect(hasCluster(contextOf([]))).toBe(false);
});

test("the resources of a plan are known to the rules, but not judged", () => {
  const context: readonly PlannedPart[] = [
    ...fleet(["asm-1-30"]),
    {
      urn: PROVIDER,
      type: "pulumi:providers:kubernetes",
      inputs: { kubeconfig: unknownText("kubeconfig") },
      dependencies: [CLUSTER],
      propertyDependencies: { kubeconfig: [CLUSTER] },
    },
    {
      urn: "urn:pulumi:dev::fleet::kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration::tag",
      type: "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
      inputs: {
        metadata: { name: "tag", labels: { "istio.io/tag": "prod", "istio.io/rev": "asm-1-30" } },
      },
      provider: `${PROVIDER}::id`,
    },
    {
      urn: "urn:pulumi:dev::fleet::kubernetes:core/v1:Namespace::wrong",
      type: "kubernetes:core/v1:Namespace",
      inputs: { metadata: { name: "wrong", labels: { "istio.io/rev": "asm-1-2" } } },
      provider: `${PROVIDER}::id`,
    },
  ];
  expect(short([namespace("prod")], { scope: {}, context })).toEqual([]);
  expect(short([namespace("stage")], { scope: {}, context })).toEqual([
    "ns-revision-on-cluster violation shop",
  ]);
});

test("a value that only the cluster knows is not judged", () => {
  const unknown = namespace(`a-${unknownText("revision")}`);
  expect(verdicts([unknown], { scope: { revisions: ["asm-1-30"] } })).toEqual([
    [
      "mesh-coverage",
      "unjudged",
      "shop",
      'Namespace "shop": metadata.labels["istio.io/rev"] is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource. Not judged: ns-revision-on-cluster.',
    ],
  ]);
});

test("objects of different clusters do not meet, and one finding about both is given once", () => {
  const dev = namespace("asm-1-2");
  const prod = namespace("asm-1-2");
  expect(short([dev, prod])).toEqual(["ns-revision-on-cluster violation shop"]);
  const elsewhere = read(
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: "asm-1-2"\n',
    "b.yaml",
  );
  expect(short([dev, elsewhere])).toHaveLength(2);
});

test("a finding about one of several clusters names the file that applies the object there", () => {
  const by = (file: string, manifests: readonly Manifest[]) =>
    manifests.map((one) => ({
      ...one,
      appliedBy: { file, at: () => ({ file, line: 1, column: 1 }) },
    }));
  const dev = by("clusters/dev.yaml", namespace("asm-1-2"));
  const prod = by("clusters/prod.yaml", namespace("asm-1-30"));
  const scope = { revisions: ["asm-1-30"] };
  const texts = (...clusters: readonly (readonly Manifest[])[]) =>
    verdicts(clusters, { scope }).map(([, , , text]) => text);
  const [alone = ""] = texts(dev);
  expect(alone).toMatch(/Set it to asm-1-30\.$/);
  expect(texts(dev, prod)).toEqual([`${alone} Applied by clusters/dev.yaml.`]);
  expect(texts(dev, by("clusters/test.yaml", namespace("asm-1-2")))).toEqual([alone]);
  expect(texts(dev, prod, by("clusters/test.yaml", namespace("asm-1-2")))).toEqual([
    `${alone} Applied by clusters/dev.yaml and clusters/test.yaml.`,
  ]);
});

test("what Flux applies is not missing", () => {
  const flux = read(
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\n",
  );
  const policies = ["mesh-coverage"];
  expect(short([flux], { policies })).toEqual(["mesh-coverage unjudged flux-system/apps"]);
  const source = "kustomize.toolkit.fluxcd.io|Kustomization|flux-system|apps";
  const part = read("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: p }\n").map((one) => ({
    ...one,
    source,
  }));
  expect(short([[...flux, ...part]], { policies })).toEqual([]);
});

test("unknown kinds are never judged", () => {
  const unknown = read("apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec: 1\n");
  const { judged, verdicts: found } = check([unknown], () => ({ clusterUsesAddon: true }));
  expect(judged.map(({ node }) => node.type)).toEqual(["kubernetes:example.com/v1:Thing"]);
  expect(found).toEqual([]);
});

test("the Kubernetes version decides which kinds of the Gateway API are served", () => {
  const route = read(
    "apiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata: { name: r, namespace: shop }\n",
  );
  const policies = ["gatewayapi-kinds-read", "mesh-coverage"];
  const on = (kubernetesVersion: string) =>
    short([route], { policies, scope: { revisions: ["asm-1-30"], kubernetesVersion } });
  expect(on("1.36")).toEqual([]);
  expect(on("1.35")).toEqual(["gatewayapi-kinds-read violation shop/r"]);
  expect(on("")).toEqual(["mesh-coverage unjudged shop/r"]);
});
