import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../../mesh/catalog.ts";
import { compareRevisions, revisionGap } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { revisionsFor, supportedRevisions, supportOn, upgradeTargets } from "../../mesh/support.ts";
import type { ClusterVersion, SupportStatus } from "../../mesh/support.ts";

const names = (entries: readonly { readonly revision: MeshRevision }[]): MeshRevision[] =>
  entries.map(({ revision }) => revision);

const anyDay = fc
  .date({ min: new Date("2023-01-01"), max: new Date("2027-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const knownRevision = fc.constantFrom(...names(catalog.revisions));

describe("supportOn", () => {
  test.each<[string, string, SupportStatus]>([
    ["asm-1-27", "2025-08-31", "not-released"],
    ["asm-1-27", "2025-09-01", "supported"],
    ["asm-1-27", "2026-05-31", "supported"],
    ["asm-1-27", "2026-06-01", "ended"],
    ["asm-1-28", "2026-08-31", "supported"],
    ["asm-1-28", "2026-09-01", "perhaps-ended"],
    ["asm-1-31", "2026-09-01", "unknown"],
    ["asm-1-16", "2026-09-01", "unknown"],
    ["prod-stable", "2026-09-01", "unknown"],
  ])("%s on %s: %s", (revision, day, standing) => {
    expect(supportOn(revision, day)).toBe(standing);
  });

  test("a revision that was supported never becomes unreleased", () => {
    const course: SupportStatus[] = ["not-released", "supported", "perhaps-ended", "ended"];
    fc.assert(
      fc.property(knownRevision, anyDay, anyDay, (revision, one, other) => {
        const [early, late] = [one, other].sort();
        if (early === undefined || late === undefined) throw new Error("two days were given");
        expect(course.indexOf(supportOn(revision, early))).toBeLessThanOrEqual(
          course.indexOf(supportOn(revision, late)),
        );
      }),
    );
  });
});

describe("supportedRevisions", () => {
  test.each<[string, MeshRevision[]]>([
    ["2023-03-31", []],
    ["2023-04-01", ["asm-1-17"]],
    ["2026-05-31", ["asm-1-27", "asm-1-28", "asm-1-29"]],
    ["2026-07-01", ["asm-1-28", "asm-1-29", "asm-1-30"]],
    ["2026-11-23", ["asm-1-30"]],
    ["2027-01-01", []],
  ])("on %s: %j", (day, revisions) => {
    expect(names(supportedRevisions(day))).toEqual(revisions);
  });
});

describe("revisionsFor", () => {
  test.each<[ClusterVersion, MeshRevision[]]>([
    [{ kubernetesVersion: "1.36.2", plan: "KubernetesOfficial" }, ["asm-1-29", "asm-1-30"]],
    [
      { kubernetesVersion: "1.28", plan: "KubernetesOfficial" },
      [17, 18, 19, 20, 21, 22, 23, 24].map((minor): MeshRevision => `asm-1-${minor}`),
    ],
    [{ kubernetesVersion: "1.28", plan: "AKSLongTermSupport" }, ["asm-1-25", "asm-1-26"]],
    [{ kubernetesVersion: "1.22", plan: "KubernetesOfficial" }, []],
    [{ kubernetesVersion: "1.37", plan: "KubernetesOfficial" }, []],
    [{ kubernetesVersion: "newest", plan: "KubernetesOfficial" }, []],
  ])("%j: %j", (cluster, revisions) => {
    expect(names(revisionsFor(cluster))).toEqual(revisions);
  });
});

describe("upgradeTargets", () => {
  test.each<[MeshRevision, string, MeshRevision[], MeshRevision[], string]>([
    ["asm-1-27", "2026-05-31", ["asm-1-28", "asm-1-29"], [], "the next and the one after"],
    ["asm-1-28", "2026-05-31", ["asm-1-29"], [], "the one after is not released yet"],
    ["asm-1-29", "2026-05-31", [], [], "nothing newer is released"],
    ["asm-1-26", "2026-07-15", ["asm-1-28"], [], "it and the next are gone: the nearest alone"],
    ["asm-1-22", "2026-07-15", ["asm-1-28"], [], "however far that is"],
    ["asm-1-27", "2026-07-15", ["asm-1-28", "asm-1-29"], [], "it is gone, the next is not"],
    ["asm-1-30", "2026-11-23", [], [], "nothing newer is known"],
    ["asm-1-29", "2026-11-23", ["asm-1-30"], [], "the next, whether or not it has itself ended"],
    ["asm-1-28", "2026-11-23", ["asm-1-30"], ["asm-1-29"], "the next has perhaps ended"],
    [
      "asm-1-27",
      "2026-11-23",
      [],
      ["asm-1-28", "asm-1-29", "asm-1-30"],
      "the two after it have perhaps ended",
    ],
    ["asm-1-29", "2027-01-15", [], ["asm-1-30"], "all of them have perhaps ended"],
    ["asm-1-31", "2026-11-23", [], [], "newer than the catalog"],
    ["asm-1-16", "2026-07-15", ["asm-1-28"], [], "older than the catalog"],
  ])("from %s on %s: %j, perhaps %j (%s)", (from, day, certain, possible) => {
    expect(upgradeTargets(from, day)).toEqual({ certain, possible });
  });

  test("excludes revisions that the cluster's Kubernetes version cannot run", () => {
    const on = (kubernetesVersion: string) =>
      upgradeTargets("asm-1-27", "2026-05-31", { kubernetesVersion, plan: "KubernetesOfficial" });
    expect(on("1.29").certain).toEqual([]);
    expect(on("1.30").certain).toEqual(["asm-1-28"]);
    expect(on("1.31").certain).toEqual(["asm-1-28", "asm-1-29"]);
    expect(on("unreadable").certain).toEqual(["asm-1-28", "asm-1-29"]);
  });

  test("are newer, released and supported, and either within reach or the nearest", () => {
    fc.assert(
      fc.property(knownRevision, anyDay, (from, day) => {
        const { certain, possible } = upgradeTargets(from, day);
        for (const target of [...certain, ...possible]) {
          expect(compareRevisions(from, target)).toBe(-1);
          expect(["supported", "perhaps-ended"]).toContain(supportOn(target, day));
          const olderSupported = names(supportedRevisions(day)).some(
            (revision) =>
              compareRevisions(from, revision) <= 0 && compareRevisions(revision, target) < 0,
          );
          if (olderSupported) expect(revisionGap(from, target)).toBeLessThanOrEqual(2);
        }
        expect(certain.filter((target) => possible.includes(target))).toEqual([]);
      }),
    );
  });
});
