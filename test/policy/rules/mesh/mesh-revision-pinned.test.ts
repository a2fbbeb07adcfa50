import { describe, expect, test } from "vitest";
import { meshRevisionPinned } from "../../../../policy/rules/mesh/mesh-revision-pinned.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const ELSEWHERE = { config: { "mesh-revision-pinned": { revisionsManagedElsewhere: true } } };

async function messages(fixture: Fixture, options = {}) {
  return (await run(meshRevisionPinned, [fixture], options)).map(({ level, message }) => [
    level,
    message,
  ]);
}

function running(revisions: unknown): Fixture {
  return cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } } });
}

describe("mesh-revision-pinned", () => {
  test("reports a mesh without a revision, once", async () => {
    expect(await messages(cluster({ serviceMeshProfile: { mode: "Istio" } }))).toEqual([
      [
        "violation",
        'ManagedCluster "orders": serviceMeshProfile.istio.revisions is not set, so AKS chooses the revision, and with it the label that namespaces need. Set it, or set revisionsManagedElsewhere of this rule if something else upgrades the mesh.',
      ],
    ]);
  });

  test("reports an empty list, with which AKS keeps the running revisions", async () => {
    const [[level, message] = []] = await messages(running([]));
    expect(level).toBe("violation");
    expect(message).toContain("serviceMeshProfile.istio.revisions is empty, so AKS chooses");
  });

  test("reports the classic provider's cluster with its own names", async () => {
    expect(
      (await messages(classicCluster({ serviceMeshProfile: { mode: "Istio" } }))).map(
        ([, text]) => text,
      ),
    ).toEqual([
      'KubernetesCluster "orders": serviceMeshProfile.revisions is not set, so AKS chooses the revision, and with it the label that namespaces need. Set it (@pulumi/azure requires it from version 6 on; upgrade older versions, which do not have it), or set revisionsManagedElsewhere of this rule if something else upgrades the mesh.',
    ]);
    expect(await messages(classicCluster())).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["one revision", cluster()],
    ["two", running(["asm-1-29", "asm-1-30"])],
    ["an unknown one", running([UNKNOWN])],
    ["no mesh", cluster({ serviceMeshProfile: undefined })],
    ["a disabled mesh", cluster({ serviceMeshProfile: { mode: "Disabled" } })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test("ignores a mesh whose revisions are managed elsewhere", async () => {
    expect(await messages(left, ELSEWHERE)).toEqual([]);
    expect(await messages(running(UNKNOWN), ELSEWHERE)).toEqual([]);
  });

  const left = cluster({ serviceMeshProfile: { mode: "Istio" } });

  test.each([
    ["serviceMeshProfile.istio.revisions"],
    ["serviceMeshProfile.istio"],
    ["serviceMeshProfile"],
    ["*"],
  ])("ignores a mesh if the program ignores changes of %s", async (path) => {
    const ignoreChanges = ["kubernetesVersion", path];
    expect(await messages({ ...left, ignoreChanges })).toEqual([]);
    // An empty list is an explicit value.
    expect(await messages({ ...running([]), ignoreChanges })).toHaveLength(1);
  });

  test.each([["serviceMeshProfile.istio.revisions[0]"], ["serviceMesh"], ["kubernetesVersion"]])(
    "reports a mesh if the program ignores changes of %s only",
    async (path) => {
      expect(await messages({ ...left, ignoreChanges: [path] })).toHaveLength(1);
    },
  );

  test.each<[string, Fixture]>([
    ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
    [
      "serviceMeshProfile.istio",
      cluster({ serviceMeshProfile: { mode: "Istio", istio: UNKNOWN } }),
    ],
    ["serviceMeshProfile.mode", cluster({ serviceMeshProfile: { mode: UNKNOWN } })],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
