import { describe, expect, test } from "vitest";
import { meshconfigDiscoverySelectors } from "../../../../policy/rules/meshconfig/meshconfig-discovery-selectors.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const NAME = "istio-shared-configmap-asm-1-30";
const mesh = cluster();
const withGateways = cluster({
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: ["asm-1-30"],
      components: {
        ingressGateways: [{ mode: "Internal", enabled: true }],
        egressGateways: [{ name: "partners", namespace: "partners", enabled: true }],
      },
    },
  },
});

interface Given {
  readonly on?: Fixture;
  readonly namespaces?: Readonly<Record<string, string>>;
}

/** The findings about some selectors, beside some objects. */
async function messages(
  mesh_: unknown,
  objects: (provider: Fixture) => readonly Fixture[],
  { on = mesh, namespaces = {} }: Given = {},
) {
  const provider = kubernetes(on);
  const metadata = { name: NAME, namespace: "aks-istio-system" };
  const configMap = object(provider, "core/v1", "ConfigMap", { metadata, data: { mesh: mesh_ } });
  const reports = await run(
    meshconfigDiscoverySelectors,
    [on, provider, configMap, ...objects(provider)],
    { config: { "mesh-scope": { namespaces } } },
  );
  return reports.map(({ level, message }) => [level, message.replace(`ConfigMap "${NAME}": `, "")]);
}

const JOINED = { "istio.io/rev": "asm-1-30" };
const shop = (provider: Fixture) => [namespace(provider)];
const labelled = (labels: unknown) => (provider: Fixture) => [namespace(provider, labels)];

const selecting = (...selectors: string[]) =>
  `discoverySelectors:\n${selectors.map((one) => `- ${one}\n`).join("")}`;
const LABEL = selecting("matchLabels: { istio-discovery: enabled }");
const BY_NAME = (name: string) => `matchLabels: { kubernetes.io/metadata.name: ${name} }`;

const left = (name: string, why: string) =>
  `data.mesh (discoverySelectors) does not select the namespace ${name}, ${why}, so istiod ignores its objects, and pods with sidecars do not start there. Add a selector such as ${BY_NAME(name)}, or add a label that one selects.`;
const perhaps = (name: string, why: string) =>
  `data.mesh (discoverySelectors) does not select the namespace ${name}, ${why}, by a label that the stack shows. If it has no label that one selects, add ${BY_NAME(name)}.`;

describe("meshconfig-discovery-selectors", () => {
  test.each([
    ["a MeshConfig without selectors", "accessLogFile: /dev/stdout\n", shop],
    ["an empty list of selectors", "discoverySelectors: []\n", shop],
    ["an empty selector", selecting("{}"), shop],
    [
      "the label of the mesh",
      selecting("matchExpressions: [{ key: istio.io/rev, operator: Exists }]"),
      shop,
    ],
    ["the name of the namespace", selecting(BY_NAME("shop")), shop],
    ["one of several selectors", selecting("matchLabels: { a: b }", BY_NAME("shop")), shop],
    ["a label of the namespace", LABEL, labelled({ ...JOINED, "istio-discovery": "enabled" })],
    [
      "a label that a patch adds",
      LABEL,
      (provider: Fixture) => [
        namespace(provider),
        {
          ...namespace(provider, { "istio-discovery": "enabled" }),
          name: "patch",
          type: "kubernetes:core/v1:NamespacePatch",
        },
      ],
    ],
    ["a namespace outside the mesh", LABEL, labelled({ team: "web" })],
    ["a MeshConfig that another rule rejects", "discoverySelectors: [\n", shop],
  ])("accepts %s", async (_, text, objects) => {
    expect(await messages(text, objects)).toEqual([]);
  });

  test.each([
    ["another label", LABEL, shop],
    ["another value of a label", LABEL, labelled({ ...JOINED, "istio-discovery": "disabled" })],
    ["another name", selecting(BY_NAME("blog")), shop],
    [
      "an expression that excludes the namespace",
      selecting(
        "matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [shop] }]",
      ),
      shop,
    ],
  ])("reports a namespace of the mesh with %s", async (_, text, objects) => {
    expect(await messages(text, objects)).toEqual([
      ["violation", left("shop", "which is in the mesh")],
    ]);
  });

  test("reports every namespace that is left out", async () => {
    const two = (provider: Fixture) => [namespace(provider), namespace(provider, JOINED, "blog")];
    expect(await messages(LABEL, two)).toHaveLength(2);
  });

  test("reports the stack's namespace of an egress gateway", async () => {
    const partners = (provider: Fixture) => [namespace(provider, {}, "partners")];
    expect(
      await messages(selecting(BY_NAME("aks-istio-ingress")), partners, { on: withGateways }),
    ).toEqual([["violation", left("partners", "in which a gateway of the add-on runs")]]);
  });

  test("does not judge namespaces that the stack does not show", async () => {
    const wide = (provider: Fixture) => [
      object(provider, "security.istio.io/v1", "PeerAuthentication", {
        metadata: { name: "default", namespace: "aks-istio-system" },
        spec: {},
      }),
    ];
    expect(
      await messages(LABEL, wide, { on: withGateways, namespaces: { blog: "asm-1-30" } }),
    ).toEqual([
      ["unjudged", perhaps("aks-istio-system", "which contains Istio objects for the whole mesh")],
      ["unjudged", perhaps("aks-istio-ingress", "in which a gateway of the add-on runs")],
      ["unjudged", perhaps("partners", "in which a gateway of the add-on runs")],
      ["unjudged", perhaps("blog", "which is in the mesh")],
    ]);
  });

  test("knows the revision of a namespace that another stack declares", async () => {
    const text = selecting("matchLabels: { istio.io/rev: asm-1-30 }");
    expect(await messages(text, () => [], { namespaces: { blog: "asm-1-30" } })).toEqual([]);
  });

  test.each([
    ["MeshConfig", UNKNOWN, shop, "data.mesh"],
    [
      "label",
      LABEL,
      labelled({ ...JOINED, "istio-discovery": UNKNOWN }),
      'metadata.labels.istio-discovery of Namespace "shop"',
    ],
  ])("does not judge an unknown %s", async (_, text, objects, path) => {
    expect(await messages(text, objects)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
