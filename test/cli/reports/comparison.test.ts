import { expect, test } from "vitest";
import { comparedWith } from "../../../cli/reports/comparison.ts";
import { changeBetween } from "../../../cli/change/change.ts";
import { nothing } from "../../../cli/change/side.ts";

const commit = "3f2a1bc0d94e5f60718293a4b5c6d7e8f9001122";
const none = nothing("shop", "dev");
const change = changeBetween(
  none,
  none,
  { organization: "acme", project: "shop", stack: "dev" },
  (text) => text,
);
const shown = (name: string, hash?: string) =>
  comparedWith({
    name,
    ...(hash === undefined ? {} : { commit: hash }),
    notes: [],
    change,
    newOnly: false,
  });

test.each([
  ["origin/main", "origin/main (3f2a1bc0d9)"],
  ["HEAD^1", "HEAD^1 (3f2a1bc0d9)"],
  [commit, "3f2a1bc0d9"],
  [commit.toUpperCase(), "3f2a1bc0d9"],
  [commit.slice(0, 7), "3f2a1bc0d9"],
])("a revision that is named %s is %s", (name, text) => {
  expect(shown(name, commit)).toBe(text);
});

test("a file has its name", () => {
  expect(shown("plan.json")).toBe("plan.json");
});
