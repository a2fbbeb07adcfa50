import { expect, test } from "vitest";
import { followedRevision } from "../../mesh/externalRevisions.ts";

test.each([
  [["asm-1-30"], "asm-1-30"],
  [["asm-1-9", "asm-1-10"], "asm-1-10"],
  [["asm-1-10", "asm-1-9"], "asm-1-10"],
])("of %j a namespace follows %s", (running, followed) => {
  expect(followedRevision(running)).toBe(followed);
});

test("there is nothing to follow if nothing runs", () => {
  expect(() => followedRevision([])).toThrow(/^The cluster does not run a mesh revision/);
});
