import { describe, expect, test } from "vitest";
import { catalog } from "../../mesh/catalog.ts";
import { answerProblems, updatedCatalog } from "../../mesh/catalogUpdate.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import { AGREEING, offered } from "./offered.ts";

const FROM = "az aks mesh get-revisions";
const DAY = "2026-08-21";
const [OLD, MIDDLE, NEW] = AGREEING as [OfferedRevision, OfferedRevision, OfferedRevision];

const update = (answer: readonly OfferedRevision[], day = DAY) =>
  updatedCatalog({ offered: answer, day, from: FROM }, catalog);
const entry = (answer: readonly OfferedRevision[], revision: string, day = DAY) =>
  update(answer, day).revisions.find((one) => one.revision === revision);

describe("updatedCatalog", () => {
  test("changes nothing but the date and the source if Azure says the same", () => {
    expect(update(AGREEING, "2026-08-22")).toEqual({
      ...catalog,
      asOf: "2026-08-22",
      updatedFrom: FROM,
    });
  });

  test("adds new revisions with estimated dates, one month after the other", () => {
    const news = [offered("asm-1-32", [34, 38]), offered("asm-1-31", [33, 37])];
    const range = { oldest: "1.33", newest: "1.37" };
    const added = update([...AGREEING, ...news], "2026-12-15").revisions.slice(-2);
    expect(added[0]).toEqual({
      revision: "asm-1-31",
      released: "2026-11",
      releasedEstimated: true,
      endOfLife: "2027-06",
      endOfLifeEstimated: true,
      kubernetes: { KubernetesOfficial: range, AKSLongTermSupport: range },
    });
    expect(added[1]).toMatchObject({
      revision: "asm-1-32",
      released: "2026-12",
      endOfLife: "2027-07",
    });
  });

  test("releases a new revision after those that it knows", () => {
    const answer = [...AGREEING, offered("asm-1-31", [33, 37])];
    expect(entry(answer, "asm-1-31", "2026-07-31")?.released).toBe("2026-08");
  });

  test("leaves out a plan that Azure does not have", () => {
    const kubernetes = { KubernetesOfficial: NEW.kubernetes["KubernetesOfficial"] ?? [] };
    expect(entry([OLD, MIDDLE, { ...NEW, kubernetes }], "asm-1-30")?.kubernetes).toEqual({
      KubernetesOfficial: { oldest: "1.32", newest: "1.36" },
    });
  });

  test.each([
    ["2026-08-31", "2026-08"],
    ["2026-09-01", "2026-09"],
  ])("on %s, support of a revision that is offered lasts until %s or later", (day, endOfLife) => {
    expect(entry(AGREEING, "asm-1-28", day)).toMatchObject({ endOfLife, endOfLifeEstimated: true });
    expect(entry(AGREEING, "asm-1-30", day)).toMatchObject({ endOfLife: "2026-12" });
  });

  test("an older revision never outlives a newer one", () => {
    expect(
      update(AGREEING, "2026-11-01")
        .revisions.slice(-3)
        .map((one) => one.endOfLife),
    ).toEqual(["2026-11", "2026-11", "2026-12"]);
  });

  test.each([
    ["its expected month, if that has passed", "2026-10-05", "2026-08"],
    ["the month of the answer, if not", "2026-07-05", "2026-07"],
  ])("the support of a withdrawn revision has ended in %s", (_, day, endOfLife) => {
    expect(entry([MIDDLE, NEW], "asm-1-28", day)).toMatchObject({
      endOfLife,
      endOfLifeEstimated: false,
      kubernetes: { KubernetesOfficial: { oldest: "1.30", newest: "1.35" } },
    });
  });

  test("keeps a revision that has not reached the region", () => {
    expect(entry([OLD, MIDDLE], "asm-1-30")).toEqual(catalog.revisions.at(-1));
  });
});

describe("answerProblems", () => {
  const problems = (answer: readonly OfferedRevision[], day = DAY) =>
    answerProblems({ offered: answer, day, from: FROM }, catalog);

  test("has none for an answer that can be right", () => {
    expect(problems([...AGREEING, offered("asm-1-31", [33, 37])])).toEqual([]);
  });

  const on = (KubernetesOfficial: readonly string[]): OfferedRevision => ({
    ...NEW,
    kubernetes: { KubernetesOfficial },
  });
  test.each<[string, readonly OfferedRevision[], string]>([
    ["nothing", [], "The answer has no revisions."],
    [
      "only unknown revisions",
      [offered("asm-2-1", [33, 37])],
      "The answer has no revision that the catalog has, too.",
    ],
    ["a revision twice", [NEW, NEW], "The answer has asm-1-30 twice."],
    [
      "an old revision that nobody knows",
      [offered("asm-1-16", [22, 25]), NEW],
      "The answer has asm-1-16, which is older than the catalog's newest, but not in it.",
    ],
    ["no version", [on([])], "asm-1-30 runs on no Kubernetes version under KubernetesOfficial."],
    [
      "a malformed version",
      [on(["1.32", "latest"])],
      "asm-1-30 runs on latest under KubernetesOfficial, but a version is like 1.33.",
    ],
    [
      "versions with a gap",
      [on(["1.32", "1.34"])],
      "asm-1-30 runs on 1.32, 1.34 under KubernetesOfficial, which is not a range, as the catalog needs.",
    ],
    [
      "an upgrade to itself",
      [{ ...NEW, upgrades: ["asm-1-30"] }],
      "asm-1-30 can be upgraded to asm-1-30, which is not newer.",
    ],
  ])("refuses %s", (_, answer, problem) => {
    expect(problems(answer)).toEqual([problem]);
  });

  test("refuses an answer that is older than the catalog", () => {
    expect(problems(AGREEING, "2026-08-20")).toEqual([
      "The answer is of 2026-08-20, but the catalog is of 2026-08-21, which is later.",
    ]);
  });
});
