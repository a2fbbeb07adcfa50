import { describe, expect, test } from "vitest";
import type { MeshRevision } from "../../mesh/revision.ts";
import { judgeTarget } from "../../mesh/upgradeTarget.ts";
import type { Circumstances } from "../../mesh/upgradeTarget.ts";

const summer = { day: "2026-07-15" };
const winter = { day: "2026-11-23" };
const on = (kubernetesVersion: string): Circumstances => ({
  ...summer,
  cluster: { kubernetesVersion, plan: "KubernetesOfficial" },
});

describe("a valid target", () => {
  test.each<[MeshRevision, MeshRevision, Circumstances]>([
    ["asm-1-28", "asm-1-29", summer],
    ["asm-1-28", "asm-1-30", summer],
    ["asm-1-26", "asm-1-28", summer],
    ["asm-1-20", "asm-1-28", summer],
    ["asm-1-29", "asm-1-30", winter],
    ["asm-1-29", "asm-1-30", on("1.32.1")],
    ["asm-1-29", "asm-1-30", on("1.36")],
    // Newer than the catalog, so not known to be wrong.
    ["asm-1-29", "asm-1-30", on("1.37")],
  ])("from %s to %s under %j", (from, to, circumstances) => {
    expect(judgeTarget(from, to, circumstances)).toEqual([]);
  });
});

describe("a target that only Azure can judge", () => {
  const newer = (to: string) =>
    `${to} is newer than the catalog of 2026-08-21. Ask Azure: az aks mesh get-upgrades.`;
  const dates = (from: string, to: string) =>
    `Whether ${to} can follow ${from} depends on dates that were only expected on 2026-08-21. Ask Azure: az aks mesh get-upgrades.`;

  test.each<[MeshRevision, MeshRevision, Circumstances, string]>([
    ["asm-1-30", "asm-1-31", winter, newer("asm-1-31")],
    ["asm-1-30", "asm-1-32", winter, newer("asm-1-32")],
    ["asm-1-29", "asm-1-31", winter, newer("asm-1-31")],
    ["asm-1-30", "asm-1-33", { day: "2027-02-01" }, newer("asm-1-33")],
    ["asm-1-31", "asm-1-32", winter, newer("asm-1-32")],
    ["asm-1-30", "asm-2-0", winter, newer("asm-2-0")],
    ["asm-1-30", "asm-1-31", on("1.36"), newer("asm-1-31")],
    ["asm-1-28", "asm-1-29", winter, dates("asm-1-28", "asm-1-29")],
    ["asm-1-27", "asm-1-30", winter, dates("asm-1-27", "asm-1-30")],
  ])("from %s to %s under %j", (from, to, circumstances, message) => {
    expect(judgeTarget(from, to, circumstances)).toEqual([
      { severity: "warning", path: "upgrade.to", message },
    ]);
  });
});

describe("an invalid target", () => {
  test.each<[MeshRevision, MeshRevision, Circumstances, string]>([
    ["asm-1-30", "asm-1-30", winter, "asm-1-30 is already running: remove upgrade."],
    [
      "asm-1-30",
      "asm-1-29",
      winter,
      "asm-1-29 is older than asm-1-30, but AKS does not downgrade a mesh.",
    ],
    [
      "asm-1-27",
      "asm-1-30",
      summer,
      "asm-1-30 cannot follow asm-1-27 as of 2026-07-15: upgrade to asm-1-28 or asm-1-29 instead.",
    ],
    [
      "asm-1-26",
      "asm-1-29",
      summer,
      "asm-1-29 cannot follow asm-1-26 as of 2026-07-15: upgrade to asm-1-28 instead.",
    ],
    [
      "asm-1-25",
      "asm-1-26",
      summer,
      "asm-1-26 cannot follow asm-1-25 as of 2026-07-15: upgrade to asm-1-28 instead.",
    ],
    [
      "asm-1-29",
      "asm-1-30",
      { day: "2026-06-30" },
      "asm-1-30 cannot follow asm-1-29 as of 2026-06-30: no revision in the catalog can.",
    ],
    [
      "asm-1-30",
      "asm-1-33",
      winter,
      "asm-1-33 cannot follow asm-1-30 as of 2026-11-23: no revision in the catalog can.",
    ],
    [
      "asm-1-28",
      "asm-1-31",
      winter,
      "asm-1-31 cannot follow asm-1-28 as of 2026-11-23: upgrade to asm-1-30 or asm-1-29 instead.",
    ],
    [
      "asm-1-29",
      "asm-1-30",
      on("1.31.9"),
      "asm-1-30 does not run on Kubernetes 1.31.9 under KubernetesOfficial: it runs on 1.32 to 1.36. Choose another revision, or upgrade the cluster if it is too old.",
    ],
    [
      "asm-1-23",
      "asm-1-24",
      { day: "2025-07-01", cluster: { kubernetesVersion: "1.30", plan: "AKSLongTermSupport" } },
      "asm-1-24 does not run on Kubernetes 1.30 under AKSLongTermSupport: it runs on no version. Choose another revision, or upgrade the cluster if it is too old.",
    ],
  ])("from %s to %s under %j", (from, to, circumstances, message) => {
    expect(judgeTarget(from, to, circumstances)).toEqual([
      { severity: "error", path: "upgrade.to", message },
    ]);
  });
});
