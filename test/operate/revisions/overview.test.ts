import { expect, test } from "vitest";
import { catalog } from "../../../mesh/catalog.ts";
import { revisionsOverview } from "../../../operate/revisions/overview.ts";
import { AGREEING, offered } from "../../mesh/offered.ts";

const names = (overview: ReturnType<typeof revisionsOverview>) => ({
  revisions: overview.revisions.map(({ revision }) => revision),
  kubernetes: overview.kubernetes.map(({ version }) => version),
});

test("counts the days until support ends, and leaves out what has ended", () => {
  const overview = revisionsOverview({ day: "2026-08-21", all: false });
  expect(overview.catalog).toEqual({ asOf: catalog.asOf, source: catalog.source });
  expect(overview.revisions.map(({ revision, status, end }) => [revision, status, end])).toEqual([
    ["asm-1-28", "supported", { day: "2026-08-12", days: -9, basis: "rule" }],
    ["asm-1-29", "supported", { day: "2026-09-30", days: 40, basis: "expected" }],
    ["asm-1-30", "supported", { day: "2026-12-31", days: 132, basis: "expected" }],
  ]);
  expect(overview.kubernetes[0]).toEqual({
    version: "1.31",
    ends: {
      KubernetesOfficial: { day: "2025-11-30", days: -264, basis: "announced" },
      AKSLongTermSupport: { day: "2026-11-30", days: 101, basis: "expected" },
    },
  });
  expect(overview).not.toHaveProperty("differences");
});

test.each([
  ["2026-11-30", "1.31"],
  ["2026-12-01", "1.32"],
])("on %s, the oldest version with any support is %s", (day, oldest) => {
  expect(names(revisionsOverview({ day, all: false })).kubernetes[0]).toBe(oldest);
});

test("shows everything if asked", () => {
  const { revisions, kubernetes } = names(revisionsOverview({ day: "2026-08-21", all: true }));
  expect(revisions).toEqual(catalog.revisions.map(({ revision }) => revision));
  expect(kubernetes[0]).toBe("1.29");
});

test.each([
  // Its support has ended on that day.
  ["1.30", ["asm-1-28"], ["1.30"]],
  ["1.36.2", ["asm-1-29", "asm-1-30"], ["1.36"]],
  ["1.99", [], []],
])("shows what runs on Kubernetes %s", (kubernetesVersion, revisions, kubernetes) => {
  const overview = revisionsOverview({ day: "2026-08-21", all: false, kubernetesVersion });
  expect(names(overview)).toEqual({ revisions, kubernetes });
});

test("shows what Azure says rather than the catalog", () => {
  const answer = [...AGREEING.slice(1, 2), offered("asm-1-31", [33, 37])];
  const { revisions, differences } = revisionsOverview({
    day: "2026-08-21",
    all: false,
    offered: answer,
  });
  expect(revisions.map((row) => [row.revision, row.offered, row.upgrades.certain])).toEqual([
    ["asm-1-28", false, ["asm-1-29", "asm-1-30"]],
    ["asm-1-29", true, ["asm-1-30"]],
    ["asm-1-30", false, []],
    ["asm-1-31", true, []],
  ]);
  expect(revisions.at(-1)).toEqual({
    revision: "asm-1-31",
    status: "unknown",
    kubernetes: {
      KubernetesOfficial: { oldest: "1.33", newest: "1.37" },
      AKSLongTermSupport: { oldest: "1.33", newest: "1.37" },
    },
    upgrades: { certain: [], possible: [] },
    offered: true,
  });
  expect(differences?.map(({ kind }) => kind)).toEqual(["withdrawn", "withdrawn", "new"]);
});

test("shows a revision whose support has ended if it is still offered", () => {
  const answer = [offered("asm-1-27", [29, 35]), ...AGREEING];
  const overview = revisionsOverview({ day: "2026-08-21", all: false, offered: answer });
  expect(names(overview).revisions[0]).toBe("asm-1-27");
});
