import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  catalog,
  findRevision,
  kubernetesFit,
  kubernetesStatus,
  newestKubernetes,
  newestRevision,
  revisionStatus,
} from "../../mesh/catalog.ts";
import type { KubernetesStatus, RevisionStatus, SupportPlan } from "../../mesh/catalog.ts";
import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import { anyRevision } from "./arbitraries.ts";

describe("the catalog", () => {
  test("contains every revision from asm-1-17 to asm-1-30, oldest first", () => {
    expect(catalog.revisions.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 14 }, (_, index) => `asm-1-${17 + index}`),
    );
    expect(newestRevision()).toBe("asm-1-30");
  });

  test("has its date and its source", () => {
    expect(catalog.asOf).toBe("2026-08-21");
    expect(catalog.source).toBe("https://learn.microsoft.com/azure/aks/istio-support-policy");
  });

  test("releases one revision after the other, and ends their support in the same order", () => {
    for (const [index, entry] of catalog.revisions.entries()) {
      const before = catalog.revisions[index - 1];
      expect(entry.endOfLife > entry.released).toBe(true);
      if (before === undefined) continue;
      expect(entry.released > before.released).toBe(true);
      expect(entry.endOfLife >= before.endOfLife).toBe(true);
    }
  });

  test("has actual end-of-life dates up to asm-1-27 and expected ones after it", () => {
    expect(
      catalog.revisions
        .filter(({ endOfLifeEstimated }) => endOfLifeEstimated)
        .map(({ revision }) => revision),
    ).toEqual(["asm-1-28", "asm-1-29", "asm-1-30"]);
  });

  test("has long-term support since asm-1-25", () => {
    expect(
      catalog.revisions.find(({ kubernetes }) => kubernetes.AKSLongTermSupport !== undefined)
        ?.revision,
    ).toBe("asm-1-25");
  });
});

describe("findRevision", () => {
  test("returns the published row", () => {
    expect(findRevision("asm-1-26")).toEqual({
      revision: "asm-1-26",
      released: "2025-07",
      endOfLife: "2026-04",
      endOfLifeEstimated: false,
      kubernetes: {
        KubernetesOfficial: { oldest: "1.29", newest: "1.34" },
        AKSLongTermSupport: { oldest: "1.28", newest: "1.34" },
      },
    });
  });

  test.each(["asm-1-31", "asm-1-16", "", "constructor", "asm-1-026"])(
    "returns nothing for %j",
    (text) => {
      expect(findRevision(text)).toBeUndefined();
    },
  );
});

describe("revisionStanding", () => {
  test.each<[string, RevisionStatus]>([
    ["asm-1-17", "known"],
    ["asm-1-30", "known"],
    ["asm-1-31", "newer-than-catalog"],
    ["asm-2-0", "newer-than-catalog"],
    ["asm-1-16", "unknown"],
    ["asm-0-99", "unknown"],
    ["asm-1-9", "unknown"],
    ["prod-stable", "malformed"],
    ["", "malformed"],
  ])("%j is %s", (revision, standing) => {
    expect(revisionStatus(revision)).toBe(standing);
  });

  test("classifies every text as one of the four", () => {
    fc.assert(
      fc.property(fc.oneof(anyRevision, fc.string()), (text) => {
        const standing = revisionStatus(text);
        expect(standing === "malformed").toBe(!isMeshRevision(text));
        expect(standing === "known").toBe(findRevision(text) !== undefined);
        expect(standing === "newer-than-catalog").toBe(
          isMeshRevision(text) && compareRevisions(text, newestRevision()) > 0,
        );
      }),
    );
  });
});

describe("kubernetesStanding", () => {
  test.each<[string, KubernetesStatus]>([
    ["1.36", "known"],
    ["1.36.9", "known"],
    ["1.9", "known"],
    ["1.37", "newer-than-catalog"],
    ["1.100", "newer-than-catalog"],
    ["2.0", "newer-than-catalog"],
    ["latest", "malformed"],
    ["", "malformed"],
  ])("%j is %s", (version, standing) => {
    expect(kubernetesStatus(version)).toBe(standing);
  });

  test("knows the newest version of any revision", () => {
    expect(newestKubernetes()).toBe("1.36");
  });
});

describe("kubernetesFit", () => {
  const standard = "KubernetesOfficial";
  const longTerm = "AKSLongTermSupport";

  test.each<[string, string | undefined, SupportPlan, boolean | undefined]>([
    ["asm-1-30", "1.31", standard, false],
    ["asm-1-30", "1.32", standard, true],
    ["asm-1-30", "1.36", standard, true],
    ["asm-1-30", "1.37", standard, undefined],
    ["asm-1-30", "1.37.1", longTerm, undefined],
    ["asm-1-28", "1.36", standard, false],
    ["asm-1-28", "1.37", standard, undefined],
    ["asm-1-30", "1.32.0", standard, true],
    ["asm-1-30", "1.36.12", standard, true],
    ["asm-1-30", "v1.36.1", standard, true],
    ["asm-1-30", "2.32", standard, undefined],
    ["asm-1-26", "1.28", standard, false],
    ["asm-1-26", "1.28", longTerm, true],
    ["asm-1-26", "1.27", longTerm, false],
    ["asm-1-26", "1.34.3", longTerm, true],
    ["asm-1-26", "1.35", longTerm, false],
    ["asm-1-25", "1.28", longTerm, true],
    ["asm-1-24", "1.28", longTerm, false],
    ["asm-1-24", "1.28", standard, true],
    ["asm-1-17", "1.9", standard, false],
    ["asm-1-30", undefined, standard, undefined],
    ["asm-1-30", "", standard, undefined],
    ["asm-1-30", "1", standard, undefined],
    ["asm-1-30", "latest", standard, undefined],
    ["asm-1-30", "1.32x", standard, undefined],
    ["asm-1-31", "1.36", standard, undefined],
    ["asm-1-16", "1.23", standard, undefined],
  ])("%s on %s under %s: %s", (revision, version, plan, fits) => {
    expect(kubernetesFit(revision, version, plan).fits).toBe(fits);
  });

  test("returns the range even without a version, and nothing if there is none", () => {
    expect(kubernetesFit("asm-1-30", undefined, standard)).toEqual({
      fits: undefined,
      range: { oldest: "1.32", newest: "1.36" },
    });
    expect(kubernetesFit("asm-1-24", "1.30", longTerm)).toEqual({ fits: false, range: undefined });
    expect(kubernetesFit("asm-1-31", "1.36", standard)).toEqual({
      fits: undefined,
      range: undefined,
    });
  });
});
