import { describe, expect, test } from "vitest";
import { compareWithCatalog, isWithdrawn } from "../../mesh/catalogComparison.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import { AGREEING, offered } from "./offered.ts";

const DAY = "2026-08-21";
const [OLD, MIDDLE, NEW] = AGREEING as [OfferedRevision, OfferedRevision, OfferedRevision];

test("is empty if Azure and the catalog agree", () => {
  expect(compareWithCatalog(AGREEING, DAY)).toEqual([]);
});

test("reads older answers, which have one list of versions", () => {
  const { KubernetesOfficial, ...rest } = NEW.kubernetes;
  const older = { ...NEW, kubernetes: { ...rest, kubernetes: KubernetesOfficial ?? [] } };
  expect(compareWithCatalog([OLD, MIDDLE, older], DAY)).toEqual([]);
});

test("does not depend on the order of versions", () => {
  const kubernetes = {
    ...NEW.kubernetes,
    KubernetesOfficial: ["1.36", "1.32", "1.33", "1.34", "1.35"],
  };
  expect(compareWithCatalog([OLD, MIDDLE, { ...NEW, kubernetes }], DAY)).toEqual([]);
});

test.each<[string, readonly OfferedRevision[], string, readonly string[]]>([
  [
    "a new revision",
    [...AGREEING, offered("asm-1-31", [33, 37])],
    DAY,
    ["new: asm-1-31 is offered, but the catalog does not have it."],
  ],
  [
    "a withdrawn revision",
    [MIDDLE, NEW],
    DAY,
    [
      "withdrawn: asm-1-28 is not offered any more; the catalog expects its support to end in 2026-08.",
    ],
  ],
  [
    "a revision that has not reached the region",
    [{ ...OLD, upgrades: ["asm-1-29", "asm-1-30"] }, MIDDLE],
    DAY,
    ["not-offered-yet: asm-1-30 is not offered in this region yet."],
  ],
  ["a revision that is offered on the last day of its support", AGREEING, "2026-08-31", []],
  [
    "a revision that is offered a day later",
    AGREEING,
    "2026-09-01",
    ["still-offered: asm-1-28 is still offered, but its support was expected to end in 2026-08."],
  ],
  [
    "a revision that is offered after its announced end",
    [offered("asm-1-27", [29, 35], ["asm-1-28", "asm-1-29"]), ...AGREEING],
    DAY,
    ["still-offered: asm-1-27 is still offered, but its support ended in 2026-05."],
  ],
  [
    "other Kubernetes versions",
    [OLD, MIDDLE, offered("asm-1-30", [32, 37])],
    DAY,
    [
      "kubernetes: asm-1-30 runs on Kubernetes 1.32 to 1.37 under KubernetesOfficial; the catalog says 1.32 to 1.36.",
      "kubernetes: asm-1-30 runs on Kubernetes 1.32 to 1.37 under AKSLongTermSupport; the catalog says 1.32 to 1.36.",
    ],
  ],
  [
    "a plan without versions",
    [OLD, MIDDLE, { ...NEW, kubernetes: { KubernetesOfficial: ["1.32", "1.36"] } }],
    DAY,
    [
      "kubernetes: asm-1-30 runs on Kubernetes no version under AKSLongTermSupport; the catalog says 1.32 to 1.36.",
    ],
  ],
  [
    "other upgrades",
    [{ ...OLD, upgrades: ["asm-1-29"] }, MIDDLE, { ...NEW, upgrades: ["asm-1-29"] }],
    DAY,
    [
      "upgrades: asm-1-28 cannot be upgraded to asm-1-30, but the catalog says that it can.",
      "upgrades: asm-1-30 can be upgraded to asm-1-29, but the catalog says that it cannot.",
    ],
  ],
  [
    "no upgrade to a revision that the catalog does not have",
    [OLD, { ...MIDDLE, upgrades: ["asm-1-30", "asm-1-31"] }, NEW],
    DAY,
    [],
  ],
])("tells of %s", (_, answer, day, expected) => {
  expect(compareWithCatalog(answer, day).map(({ kind, message }) => `${kind}: ${message}`)).toEqual(
    expected,
  );
});

describe("isWithdrawn", () => {
  test.each([
    ["asm-1-28", true],
    ["asm-1-29", false],
    ["asm-1-30", false],
    ["asm-1-31", false],
  ] as const)("%s: %s", (revision, expected) => {
    expect(isWithdrawn(revision, [MIDDLE, NEW])).toBe(expected);
  });
});
