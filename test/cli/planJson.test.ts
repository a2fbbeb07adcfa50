import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planJson } from "../../cli/planJson.ts";
import { scratch, usageErrorOf } from "../support/programs.ts";

const file = join(scratch({ packages: false })("plans", {}), "plan.json");
const plan = '{ "steps": [] }';

test.each([
  ["UTF-8", Buffer.from(plan)],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${plan}`)],
  ["more bytes than settings may have", Buffer.from(plan.padEnd(17 * 1024 * 1024))],
])("a plan is read from %s", (_, bytes) => {
  writeFileSync(file, bytes);
  expect(planJson(file)).toEqual({ steps: [] });
});

test.each([
  [
    "UTF-16",
    Buffer.from(`\ufeff${plan}`, "utf16le"),
    "cannot be read: it is not encoded as UTF-8; save it as UTF-8",
  ],
  [
    "Latin-1",
    Buffer.from('"\xe9"', "latin1"),
    "cannot be read: it is not encoded as UTF-8; save it as UTF-8",
  ],
  [
    "half a plan",
    Buffer.from(plan.slice(0, 5)),
    "is not valid JSON: Unterminated string in JSON at position 5",
  ],
])("%s is refused", async (_, bytes, problem) => {
  writeFileSync(file, bytes);
  expect(await usageErrorOf(() => planJson(file))).toContain(`${file} ${problem}`);
});

test("a file that no memory holds is refused", async () => {
  writeFileSync(file, "");
  truncateSync(file, 256 * 1024 * 1024 + 1);
  expect(await usageErrorOf(() => planJson(file))).toBe(
    `${file} cannot be read: it has 268435457 bytes, and the maximum is 268435456`,
  );
});
