import { describe, expect, test } from "vitest";
import data from "../../mesh/catalog.json";
import { validCatalog } from "../../mesh/catalogShape.ts";

const entry = {
  revision: "asm-1-30",
  released: "2026-07",
  endOfLife: "2026-12",
  endOfLifeEstimated: true,
  kubernetes: { KubernetesOfficial: { oldest: "1.9", newest: "1.10" } },
};
const sound = { asOf: "2026-08-21", source: "https://example.com/", revisions: [entry] };

test("the catalog that ships is sound", () => {
  expect(validCatalog(data)).toBe(data);
});

test("long-term support may be absent", () => {
  expect(validCatalog(sound)).toBe(sound);
});

describe("a damaged catalog is refused, with the place", () => {
  const withEntry = (changes: object) => ({ ...sound, revisions: [{ ...entry, ...changes }] });

  test.each<[string, unknown, string]>([
    ["no object", undefined, "asOf: must be a day"],
    ["no day", { ...sound, asOf: "August 2026" }, "asOf: must be a day, YYYY-MM-DD"],
    ["no source", { ...sound, source: "the docs" }, "source: must be an https address"],
    ["no list", { ...sound, revisions: {} }, "revisions: must be a list"],
    ["an empty list", { ...sound, revisions: [] }, "revisions: must be a list"],
    ["a malformed revision", withEntry({ revision: "1-30" }), "revisions[0].revision: must be"],
    ["month 13", withEntry({ released: "2026-13" }), "revisions[0].released: must be a month"],
    ["no release", withEntry({ released: undefined }), "revisions[0].released: must be a month"],
    ["a day as end", withEntry({ endOfLife: "2026-12-01" }), "revisions[0].endOfLife: must be"],
    ["a text as flag", withEntry({ endOfLifeEstimated: "yes" }), "endOfLifeEstimated: must be"],
    ["no Kubernetes", withEntry({ kubernetes: {} }), "kubernetes.KubernetesOfficial: must be"],
    [
      "a range upside down",
      withEntry({ kubernetes: { KubernetesOfficial: { oldest: "1.10", newest: "1.9" } } }),
      "revisions[0].kubernetes.KubernetesOfficial: must be a range of minors",
    ],
    [
      "a number as version",
      withEntry({ kubernetes: { KubernetesOfficial: { oldest: 1.3, newest: "1.36" } } }),
      "revisions[0].kubernetes.KubernetesOfficial: must be a range of minors",
    ],
    [
      "a broken long-term range",
      withEntry({ kubernetes: { ...entry.kubernetes, AKSLongTermSupport: {} } }),
      "revisions[0].kubernetes.AKSLongTermSupport: must be a range of minors, or absent",
    ],
    [
      "a wrong order",
      { ...sound, revisions: [entry, { ...entry, revision: "asm-1-9" }] },
      "revisions: asm-1-9 must come once, after every older one",
    ],
    [
      "a revision twice",
      { ...sound, revisions: [entry, entry] },
      "revisions: asm-1-30 must come once",
    ],
  ])("%s", (_, damaged, message) => {
    expect(() => validCatalog(damaged)).toThrow(message);
  });

  test("all places in one report", () => {
    expect(() => validCatalog({ ...withEntry({ revision: 1, released: 2 }), asOf: 3 })).toThrow(
      [
        "The revision catalog is damaged:",
        "asOf: must be a day, YYYY-MM-DD",
        "revisions[0].revision: must be asm-<n>-<n>",
        "revisions[0].released: must be a month, YYYY-MM",
      ].join("\n"),
    );
  });
});
