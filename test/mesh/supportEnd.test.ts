import { expect, test } from "vitest";
import { catalog } from "../../mesh/catalog.ts";
import type { CatalogEntry } from "../../mesh/catalog.ts";
import { supportEnd } from "../../mesh/supportEnd.ts";

const kubernetes = { KubernetesOfficial: { oldest: "1.32", newest: "1.36" } };

function entry(minor: number, released: string, endOfLife: string, isEstimated: boolean) {
  const revision = `asm-1-${minor}` as const;
  return { revision, released, endOfLife, endOfLifeEstimated: isEstimated, kubernetes };
}

const REVISIONS: readonly CatalogEntry[] = [
  entry(27, "2025-09", "2026-05", false),
  entry(28, "2026-01", "2026-08", true),
  entry(29, "2026-04", "2026-09", true),
  entry(30, "2026-07", "2026-12", true),
];

test("is announced, follows from the rule, or is only expected", () => {
  expect(REVISIONS.map((one) => supportEnd(one, REVISIONS))).toEqual([
    { day: "2026-05-31", basis: "announced" },
    { day: "2026-08-12", basis: "rule" },
    { day: "2026-09-30", basis: "expected" },
    { day: "2026-12-31", basis: "expected" },
  ]);
});

test("reads the catalog by default", () => {
  const ends = catalog.revisions.map((one) => supportEnd(one));
  expect(ends[0]).toEqual({ day: "2024-01-31", basis: "announced" });
  expect(ends.at(-3)).toEqual({ day: "2026-08-12", basis: "rule" });
});
