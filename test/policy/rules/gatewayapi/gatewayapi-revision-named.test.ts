import { describe, expect, test } from "vitest";
import { gatewayapiRevisionNamed } from "../../../../policy/rules/gatewayapi/gatewayapi-revision-named.ts";
import { UNKNOWN, cluster, namespace } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { HTTP, gateway, mesh, provider } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

async function messages(stack: readonly Fixture[], config = {}) {
  const reports = await run(gatewayapiRevisionNamed, stack, { config });
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => [level, message]);
}

const unlabelled = namespace(provider, {});
const LABEL = 'metadata.labels["istio.io/rev"]';
const said = (value: string) => [
  [
    "violation",
    `Gateway "web": ${LABEL} is not set, and its namespace does not have the label either, so the newest revision on the cluster runs the gateway, even during a canary upgrade. Set it to ${value}.`,
  ],
];

describe("gatewayapi-revision-named", () => {
  test.each<[string, Fixture[]]>([
    [
      "a revision",
      [unlabelled, gateway("web", [HTTP], { labels: { "istio.io/rev": "asm-1-30" } })],
    ],
    ["a tag", [unlabelled, gateway("web", [HTTP], { labels: { "istio.io/rev": "prod" } })]],
    [
      "an unknown value",
      [unlabelled, gateway("web", [HTTP], { labels: { "istio.io/rev": UNKNOWN } })],
    ],
    ["the label of its namespace", [namespace(provider), gateway("web", [HTTP])]],
    ["a namespace that is declared later", [gateway("web", [HTTP]), namespace(provider)]],
    [
      "a label that a patch of the namespace adds",
      [
        unlabelled,
        { ...namespace(provider), type: "kubernetes:core/v1:NamespacePatch" },
        gateway("web", [HTTP]),
      ],
    ],
    [
      "another class",
      [unlabelled, gateway("web", [HTTP], {}, { gatewayClassName: "azure-alb-external" })],
    ],
    ["an unknown class", [unlabelled, gateway("web", [HTTP], {}, { gatewayClassName: UNKNOWN })]],
    [
      "a patch",
      [
        unlabelled,
        { ...gateway("web", [HTTP]), type: "kubernetes:gateway.networking.k8s.io/v1:GatewayPatch" },
      ],
    ],
  ])("accepts %s", async (_, stack) => {
    expect(await messages([mesh, provider, ...stack])).toEqual([]);
  });

  test("accepts a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(await messages([plain, provider, unlabelled, gateway("web", [HTTP])])).toEqual([]);
  });

  test("accepts a namespace of another stack that is in the mesh", async () => {
    const config = { "mesh-scope": { namespaces: { shop: "asm-1-30" } } };
    expect(await messages([mesh, provider, gateway("web", [HTTP])], config)).toEqual([]);
  });

  test.each([
    ["no labels", {}],
    ["other labels", { labels: { team: "web" } }],
  ])("reports a Gateway with %s", async (_, metadata) => {
    expect(await messages([mesh, provider, unlabelled, gateway("web", [HTTP], metadata)])).toEqual(
      said("asm-1-30"),
    );
  });

  test("does not choose between two revisions", async () => {
    const canary = cluster({
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29", "asm-1-30"] } },
    });
    expect(await messages([canary, provider, unlabelled, gateway("web", [HTTP])])).toEqual(
      said("the revision that should run the gateway"),
    );
  });

  test("does not judge a namespace that the stack does not show", async () => {
    expect(await messages([mesh, provider, gateway("web", [HTTP])])).toEqual([
      [
        "unjudged",
        `Gateway "web": ${LABEL} is not set, and the stack does not show the labels of shop. Set it to the revision that should run the gateway.`,
      ],
    ]);
  });

  test.each([
    ['Gateway "web": metadata.labels is', unlabelled, { labels: UNKNOWN }],
    ['Gateway "web": metadata.labels of Namespace "shop" is', namespace(provider, UNKNOWN), {}],
  ])("does not judge unknown labels: %s", async (what, around, metadata) => {
    expect(await messages([mesh, provider, around, gateway("web", [HTTP], metadata)])).toEqual([
      [
        "unjudged",
        `${what} known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
