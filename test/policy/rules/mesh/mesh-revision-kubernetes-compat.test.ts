import { describe, expect, test } from "vitest";
import { catalog } from "../../../../mesh/catalog.ts";
import { meshRevisionKubernetesCompat } from "../../../../policy/rules/mesh/mesh-revision-kubernetes-compat.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

function running(revisions: unknown, props: Props = {}) {
  return cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } }, ...props });
}

async function messages(fixture = cluster()) {
  return (await run(meshRevisionKubernetesCompat, [fixture])).map(({ level, message }) => [
    level,
    message,
  ]);
}

/** A minor version before or after another one. */
function beside(version: string, step: 1 | -1): string {
  return `1.${Number(version.slice(2)) + step}`;
}

describe("mesh-revision-kubernetes-compat", () => {
  test.each(
    catalog.revisions.map(({ revision, kubernetes: { KubernetesOfficial: range } }) => ({
      revision,
      range,
    })),
  )("limits $revision to its versions, at both ends", async ({ revision, range }) => {
    const on = (kubernetesVersion: string) => messages(running([revision], { kubernetesVersion }));
    expect(await on(range.oldest)).toEqual([]);
    expect(await on(`${range.newest}.7`)).toEqual([]);
    expect(await on(beside(range.oldest, -1))).toHaveLength(1);
    expect(await on(beside(range.newest, 1))).toHaveLength(1);
  });

  test("lists the versions that a revision supports", async () => {
    expect(await messages(running(["asm-1-30"], { kubernetesVersion: "1.31.4" }))).toEqual([
      [
        "violation",
        'ManagedCluster "orders": serviceMeshProfile.istio.revisions[0] is asm-1-30, which supports Kubernetes 1.32 to 1.36, but the cluster\'s Kubernetes version is 1.31.4. Choose an older revision, or upgrade the cluster first.',
      ],
    ]);
  });

  test("judges each revision of a canary upgrade", async () => {
    expect(
      (await messages(running(["asm-1-28", "asm-1-29"], { kubernetesVersion: "1.36" }))).map(
        ([, text]) => text,
      ),
    ).toEqual([
      expect.stringContaining("revisions[0] is asm-1-28, which supports Kubernetes 1.30 to 1.35"),
    ]);
  });

  test("has other versions under long-term support", async () => {
    const lts = { kubernetesVersion: "1.28", supportPlan: "AKSLongTermSupport" };
    const official = { kubernetesVersion: "1.28", supportPlan: "KubernetesOfficial" };
    expect(await messages(running(["asm-1-26"], lts))).toEqual([]);
    expect(await messages(running(["asm-1-26"], official))).toHaveLength(1);
    expect((await messages(running(["asm-1-24"], lts))).map(([, text]) => text)).toEqual([
      expect.stringContaining(
        "asm-1-24, which supports no Kubernetes version under AKSLongTermSupport",
      ),
    ]);
  });

  test("advises if AKS chooses the version", async () => {
    expect(await messages(running(["asm-1-30"], { kubernetesVersion: undefined }))).toEqual([
      [
        "unjudged",
        'ManagedCluster "orders": kubernetesVersion is not set, so AKS chooses a version, and the rule cannot tell whether the mesh\'s revisions support it. Set kubernetesVersion.',
      ],
    ]);
  });

  test("advises if the version is invalid", async () => {
    const [[level, message] = []] = await messages(
      running(["asm-1-30"], { kubernetesVersion: "latest" }),
    );
    expect(level).toBe("violation");
    expect(message).toContain('Kubernetes version is "latest", which is not a valid version, so');
  });

  test("leaves versions newer than the catalog to Azure, and never suggests a downgrade", async () => {
    expect(await messages(running(["asm-1-30"], { kubernetesVersion: "1.37" }))).toEqual([
      [
        "unjudged",
        'ManagedCluster "orders": the cluster\'s Kubernetes version is 1.37, and the catalog of 2026-08-21 contains no version after 1.36, so the rule cannot tell whether asm-1-30 supports it. Ask Azure: az aks mesh get-revisions --location <region>.',
      ],
    ]);
    expect(
      (await messages(running(["asm-1-28"], { kubernetesVersion: "1.36" }))).map(
        ([, text]) => text,
      ),
    ).toEqual([expect.stringMatching(/version is 1\.36\. Choose a newer revision\.$/)]);
  });

  test.each([
    ["no mesh", cluster({ serviceMeshProfile: undefined, kubernetesVersion: "1.20" })],
    [
      "no revisions",
      cluster({ serviceMeshProfile: { mode: "Istio" }, kubernetesVersion: undefined }),
    ],
    ["an empty list", running([], { kubernetesVersion: undefined })],
    ["a revision newer than the catalog", running(["asm-1-9999"], { kubernetesVersion: "1.20" })],
    ["an invalid revision", running(["1.30", 5, null], { kubernetesVersion: "1.20" })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test("judges the classic provider's cluster", async () => {
    expect(
      (await messages(classicCluster({ kubernetesVersion: "1.31" }))).map(([, text]) => text),
    ).toEqual([expect.stringContaining("serviceMeshProfile.revisions[0] is asm-1-30")]);
  });

  test.each([
    ["kubernetesVersion", running(["asm-1-30"], { kubernetesVersion: UNKNOWN })],
    ["supportPlan", running(["asm-1-30"], { supportPlan: UNKNOWN })],
    ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
    ["serviceMeshProfile.istio.revisions[1]", running(["asm-1-30", UNKNOWN])],
  ])("refuses an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("judges a known mismatch even if the mode is unknown", async () => {
    const serviceMeshProfile = { mode: UNKNOWN, istio: { revisions: ["asm-1-30"] } };
    expect(await messages(cluster({ serviceMeshProfile, kubernetesVersion: "1.31" }))).toHaveLength(
      1,
    );
  });
});
