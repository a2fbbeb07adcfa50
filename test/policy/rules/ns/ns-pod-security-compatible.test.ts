import { describe, expect, test } from "vitest";
import { nsPodSecurityCompatible } from "../../../../policy/rules/ns/ns-pod-security-compatible.ts";
import {
  UNKNOWN,
  classicCluster,
  cluster,
  kubernetes,
  namespace,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

function running(revisions: unknown, proxyRedirectionMechanism?: unknown, name?: string): Fixture {
  const istio = { revisions, components: { proxyRedirectionMechanism } };
  return cluster({ serviceMeshProfile: { mode: "Istio", istio } }, name);
}

const labels = (revision: unknown, enforce: unknown = "restricted") => ({
  "istio.io/rev": revision,
  [ENFORCE]: enforce,
});

async function on(cluster: Fixture, given: unknown, options?: Run) {
  const provider = kubernetes(cluster);
  const stack = [cluster, provider, namespace(provider, given)];
  return (await run(nsPodSecurityCompatible, stack, options)).map(({ level, message }) => [
    level,
    message,
  ]);
}

const refused = (enforce: string, cluster = 'ManagedCluster "orders"') => [
  [
    "violation",
    `Namespace "shop": metadata.labels["${ENFORCE}"] is ${enforce}, which rejects the init containers that redirect traffic on ${cluster}, so no pod starts. Switch the mesh to Istio CNI, or set the label to privileged until then.`,
  ],
];

describe("ns-pod-security-compatible", () => {
  test.each(["baseline", "restricted"])("reports %s with init containers", async (level) => {
    expect(await on(running(["asm-1-29"]), labels("asm-1-29", level))).toEqual(refused(level));
  });

  test.each([
    ["a revision with init containers by default", running(["asm-1-29"]), "asm-1-29", 1],
    ["a new mesh without them", running(["asm-1-30"]), "asm-1-30", 0],
    ["a new mesh with them configured", running(["asm-1-30"], "InitContainers"), "asm-1-30", 1],
    [
      "an older mesh with Istio CNI configured",
      running(["asm-1-29"], "CNIChaining"),
      "asm-1-29",
      0,
    ],
    ["other letters", running(["asm-1-29"], "cniChaining"), "asm-1-29", 0],
    ["an invalid value", running(["asm-1-29"], "Magic"), "asm-1-29", 1],
    ["an upgrade, which keeps them", running(["asm-1-29", "asm-1-30"]), "asm-1-30", 1],
    ["a tag of such a mesh", running(["asm-1-29"]), "prod", 1],
    ["an unknown revision", running(["asm-1-29"]), UNKNOWN, 1],
    ["an older label, with revisions that AKS manages", running(undefined), "asm-1-29", 1],
    ["a newer label, with revisions that AKS manages", running(undefined), "asm-1-30", 0],
    [
      "the classic provider",
      classicCluster({ serviceMeshProfile: { mode: "Istio", revisions: ["asm-1-29"] } }),
      "asm-1-29",
      1,
    ],
  ])("judges %s", async (_, mesh, revision, count) => {
    expect(await on(mesh, labels(revision))).toHaveLength(count);
  });

  test("uses the configuration for clusters that do not set it", async () => {
    const config = (proxyRedirectionMechanism: string): Run => ({
      config: { "ns-pod-security-compatible": { proxyRedirectionMechanism } },
    });
    const old = running(["asm-1-29"]);
    expect(await on(old, labels("asm-1-29"), config("CNIChaining"))).toEqual([]);
    expect(await on(running(["asm-1-30"]), labels("asm-1-30"), config("InitContainers"))).toEqual(
      refused("restricted"),
    );
    const told = running(["asm-1-29"], "InitContainers");
    expect(await on(told, labels("asm-1-29"), config("CNIChaining"))).toHaveLength(1);
  });

  test("uses the cluster's state if the program does not set it", async () => {
    const young = running(["asm-1-30"]);
    const having = (mechanism: unknown): Fixture => ({
      ...young,
      outputs: running(["asm-1-30"], mechanism).props,
    });
    expect(await on(having("InitContainers"), labels("asm-1-30"))).toEqual(refused("restricted"));
    expect(await on(having("CNIChaining"), labels("asm-1-30"))).toEqual([]);
    expect(await on(having(UNKNOWN), labels("asm-1-30"))).toEqual([]);
  });

  test("judges the cluster of another stack by its configured revisions", async () => {
    const elsewhere: Fixture = {
      ...kubernetes(cluster()),
      props: { kubeconfig: "elsewhere" },
      from: {},
    };
    const judged = async (revision: string) => {
      const stack = [elsewhere, namespace(elsewhere, labels(revision))];
      const config = { "mesh-scope": { revisions: [revision] } };
      return (await run(nsPodSecurityCompatible, stack, { config })).map(({ message }) => message);
    };
    expect(await judged("asm-1-29")).toEqual([
      expect.stringContaining("that redirect traffic on the cluster, "),
    ]);
    expect(await judged("asm-1-30")).toEqual([]);
  });

  test("passes if one of its possible clusters has none", async () => {
    const old = running(["asm-1-29"]);
    const young = running(["asm-1-30"], undefined, "west");
    const anywhere = namespace(undefined, labels("asm-1-29"));
    expect(await run(nsPodSecurityCompatible, [old, young, anywhere])).toEqual([]);
    const both = await run(nsPodSecurityCompatible, [
      old,
      running(["asm-1-29"], undefined, "west"),
      anywhere,
    ]);
    expect(both.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'that redirect traffic on ManagedCluster "orders" and ManagedCluster "west", so',
      ),
    ]);
  });

  test.each<[string, unknown]>([
    ["privileged", labels("asm-1-29", "privileged")],
    ["an invalid standard", labels("asm-1-29", "strict")],
    ["a warning", { "istio.io/rev": "asm-1-29", "pod-security.kubernetes.io/warn": "restricted" }],
    ["a namespace outside the mesh", { [ENFORCE]: "restricted" }],
    ["no labels", null],
    ["invalid labels", [ENFORCE]],
  ])("ignores: %s", async (_, given) => {
    expect(await on(running(["asm-1-29"]), given)).toEqual([]);
  });

  test("ignores a cluster without the add-on", async () => {
    expect(await on(cluster({ serviceMeshProfile: undefined }), labels("asm-1-29"))).toEqual([]);
  });

  test.each<[string, Fixture, unknown]>([
    [`metadata.labels["${ENFORCE}"]`, running(["asm-1-29"]), labels("asm-1-29", UNKNOWN)],
    ["metadata.labels", running(["asm-1-29"]), UNKNOWN],
    [
      'serviceMeshProfile.istio.components.proxyRedirectionMechanism of ManagedCluster "orders"',
      running(["asm-1-29"], UNKNOWN),
      labels("asm-1-29"),
    ],
    [
      'serviceMeshProfile.istio.revisions of ManagedCluster "orders"',
      running(UNKNOWN),
      labels("asm-1-30"),
    ],
    ['metadata.labels["istio.io/rev"]', running(undefined), labels(UNKNOWN)],
  ])("advises if %s is unknown", async (path, mesh, given) => {
    expect(await on(mesh, given)).toEqual([
      [
        "unjudged",
        `Namespace "shop": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
