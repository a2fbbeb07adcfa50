import { describe, expect, test } from "vitest";
import { meshSidecarScope } from "../../../../policy/rules/mesh/mesh-sidecar-scope.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const JOINED = { "istio.io/rev": "asm-1-30" };

/** Namespaces of the mesh. */
function teams(count: number, on: Fixture = provider): readonly Fixture[] {
  return Array.from({ length: count }, (_, index) => namespace(on, JOINED, `team-${index + 1}`));
}

function sidecar(where: string, spec: Props = {}): Fixture {
  const metadata = { name: "default", namespace: where };
  return object(provider, "networking.istio.io/v1", "Sidecar", { metadata, spec }, where);
}

function configMap(text: unknown): Fixture {
  const metadata = { name: "istio-shared-configmap-asm-1-30", namespace: "aks-istio-system" };
  return object(provider, "core/v1", "ConfigMap", { metadata, data: { mesh: text } }, "mesh");
}

async function messages(stack: readonly Fixture[], config: Props = {}) {
  const reports = await run(meshSidecarScope, [mesh, provider, ...stack], {
    config: { "mesh-sidecar-scope": config },
  });
  return reports.map(({ level, message }) => [level, message]);
}

const FIX =
  "Add a Sidecar to aks-istio-system that limits egress.hosts, one to each namespace, or discoverySelectors to the shared ConfigMaps.";
const large = (count: number) => [
  [
    "violation",
    `Namespace "team-1": its mesh has ${count} namespaces without a Sidecar, and no discoverySelectors, so istiod sends every Service of the cluster to every sidecar. One user measured 7.7 GiB of memory for 1,400 Services and 2,000 pods, and istiod requests 2 GiB. ${FIX}`,
  ],
];

describe("mesh-sidecar-scope", () => {
  test.each([
    ["24 namespaces", teams(24)],
    ["a Sidecar for the whole mesh", [...teams(25), sidecar("aks-istio-system")]],
    ["25 namespaces, one with a Sidecar", [...teams(25), sidecar("team-3")]],
    [
      "discoverySelectors",
      [...teams(25), configMap("discoverySelectors: [{ matchLabels: { a: b } }]")],
    ],
    ["an unknown MeshConfig", [...teams(25), configMap(UNKNOWN)]],
    [
      "many namespaces outside the mesh",
      Array.from({ length: 30 }, (_, index) => namespace(provider, {}, `team-${index}`)),
    ],
  ])("accepts %s", async (_, stack) => {
    expect(await messages(stack)).toEqual([]);
  });

  test.each([
    ["25 namespaces", teams(25), 25],
    ["a Sidecar in one of 26 namespaces", [...teams(26), sidecar("team-3")], 25],
    [
      "a Sidecar for single workloads",
      [...teams(25), sidecar("aks-istio-system", { workloadSelector: { labels: { app: "web" } } })],
      25,
    ],
    ["a MeshConfig without selectors", [...teams(25), configMap("discoverySelectors: []")], 25],
  ])("reports %s, once", async (_, stack, count) => {
    expect(await messages(stack)).toEqual(large(count));
  });

  test("counts the namespaces that another stack declares", async () => {
    const others = Object.fromEntries(
      Array.from({ length: 24 }, (_, index) => [`other-${index}`, "asm-1-30"]),
    );
    const reports = await run(meshSidecarScope, [mesh, provider, ...teams(1)], {
      config: { "mesh-scope": { namespaces: others } },
    });
    expect(reports.map(({ message }) => message)).toEqual([large(25)[0]?.[1]]);
  });

  test("uses the configured number", async () => {
    expect(await messages(teams(2), { namespaces: 2 })).toEqual(large(2));
    expect(await messages(teams(1), { namespaces: 2 })).toEqual([]);
  });

  test("does not judge a mesh whose Sidecars a chart may create", async () => {
    const chart = helmRelease(provider, { namespace: "aks-istio-system" });
    expect(await messages([...teams(25), chart])).toEqual([
      [
        "unjudged",
        `Namespace "team-1": the stack does not show a Sidecar that applies to the 25 namespaces of the mesh, but Release "shop" may create it. ${FIX}`,
      ],
    ]);
  });

  test("counts each cluster alone", async () => {
    const other = cluster({}, "other");
    const on = kubernetes(other);
    const both = [
      ...teams(20),
      other,
      on,
      ...teams(20, on).map((one) => ({ ...one, name: `b-${one.name}` })),
    ];
    expect(await messages(both)).toEqual([]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await run(meshSidecarScope, [plain, on, ...teams(30, on)])).toEqual([]);
  });
});
