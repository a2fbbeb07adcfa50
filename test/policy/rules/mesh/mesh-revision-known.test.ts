import { describe, expect, test } from "vitest";
import { catalog, newestRevision } from "../../../../mesh/catalog.ts";
import { meshRevisionInCatalog } from "../../../../policy/rules/mesh/mesh-revision-in-catalog.ts";
import { meshRevisionKnown } from "../../../../policy/rules/mesh/mesh-revision-known.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshRevisionKnown, meshRevisionInCatalog];

function running(revisions: unknown, mode: unknown = "Istio") {
  return cluster({ serviceMeshProfile: { mode, istio: { revisions } } });
}

async function messages(fixture = cluster()) {
  return (await run(RULES, [fixture])).map(({ level, message }) => [level, message]);
}

describe("mesh-revision-known", () => {
  test.each(catalog.revisions.map(({ revision }) => [revision]))("accepts %s", async (revision) => {
    expect(await messages(running([revision]))).toEqual([]);
  });

  test.each([
    ["no mesh", cluster({ serviceMeshProfile: undefined })],
    ["a disabled mesh", running(["asm-1-99999"], "Disabled")],
    ["revisions that AKS manages", cluster({ serviceMeshProfile: { mode: "Istio" } })],
    ["an empty list", running([])],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test("refuses a revision before the first, and lists the known ones", async () => {
    expect(await messages(running(["asm-1-16"]))).toEqual([
      [
        "violation",
        `ManagedCluster "orders": serviceMeshProfile.istio.revisions[0] is asm-1-16, which is not a revision of the add-on. Its revisions are asm-1-17 to ${newestRevision()}. Did you mean asm-1-17?`,
      ],
    ]);
  });

  test("advises about the revision after the newest, which may exist by now", async () => {
    const next = `asm-1-${Number(newestRevision().split("-")[2]) + 1}`;
    expect(await messages(running([newestRevision(), next]))).toEqual([
      [
        "violation",
        `ManagedCluster "orders": serviceMeshProfile.istio.revisions[1] is ${next}, which is newer than the catalog of ${catalog.asOf}. The pack cannot tell whether it exists and which Kubernetes versions it supports. Ask Azure, and update the catalog.`,
      ],
    ]);
  });

  test.each([
    ["1.30", '"1.30"'],
    ["asm-1.30", '"asm-1.30"'],
    ["asm-1-030", '"asm-1-030"'],
    ["ASM-1-30", '"ASM-1-30"'],
    ["", '""'],
    [1.3, '"1.3"'],
  ])("refuses %j, which is not a valid revision", async (written, shown) => {
    const [[level, message] = []] = await messages(running([written]));
    expect(level).toBe("violation");
    expect(message).toContain(
      `serviceMeshProfile.istio.revisions[0] is ${shown}, which is not a valid revision. Write it as asm-<major>-<minor>, such as ${newestRevision()}.`,
    );
  });

  test("reports each of several invalid revisions, with a suggestion", async () => {
    expect(
      (await messages(running(["asm-1-16", "asm-1-30", "asm_1-29"]))).map(([, text]) => text),
    ).toEqual([
      expect.stringContaining("revisions[0] is asm-1-16"),
      expect.stringContaining('revisions[2] is "asm_1-29"'),
    ]);
  });

  test("judges the classic provider's list, with its own name", async () => {
    const fixture = classicCluster({
      serviceMeshProfile: { mode: "Istio", revisions: ["asm-1-16"] },
    });
    expect((await messages(fixture)).map(([, text]) => text)).toEqual([
      expect.stringContaining(
        'KubernetesCluster "orders": serviceMeshProfile.revisions[0] is asm-1-16',
      ),
    ]);
  });

  describe("unknown values", () => {
    test.each([
      ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
      ["serviceMeshProfile.istio.revisions[0]", running([UNKNOWN, "asm-1-30"])],
      ["serviceMeshProfile", cluster({ serviceMeshProfile: UNKNOWN })],
    ])("refuses an unknown %s", async (path, fixture) => {
      expect(await messages(fixture)).toEqual([
        [
          "violation",
          `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
        ],
      ]);
    });

    test("judges the other revisions too", async () => {
      expect((await messages(running([UNKNOWN, "asm-1-16"]))).map(([, text]) => text)).toEqual([
        expect.stringContaining("revisions[0] is known only"),
        expect.stringContaining("revisions[1] is asm-1-16"),
      ]);
    });

    test("judges known revisions even if the mode is unknown", async () => {
      expect(await messages(running(["asm-1-30"], UNKNOWN))).toEqual([]);
      expect(await messages(running(["asm-1-16"], UNKNOWN))).toHaveLength(1);
    });
  });
});
