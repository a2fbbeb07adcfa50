import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../support/programs.ts";
import { readRecord, recorded, writeRecord } from "./record.ts";

const write = scratch({ packages: false });

const DIGEST = "0123456789abcdef".repeat(4);
const SCORE = { noticed: 9, all: 10 };
const ENTRY = { digest: DIGEST, ...SCORE };

const fileOf = (name: string, text: string) =>
  join(write(name, { "scores.json": text }), "scores.json");

test("a score is valid only for the inputs that were measured", () => {
  const record = readRecord(fileOf("good", JSON.stringify({ mesh: ENTRY })));
  expect(recorded(record, "mesh", DIGEST)).toEqual(SCORE);
  expect(recorded(record, "mesh", DIGEST.replace("0", "1"))).toBeUndefined();
  expect(recorded(record, "policy/model", DIGEST)).toBeUndefined();
});

test.each([
  ["invalid JSON", '{"mesh": '],
  ["a list", "[]"],
  ["no digest", JSON.stringify({ mesh: SCORE })],
  ["a short digest", JSON.stringify({ mesh: { ...ENTRY, digest: "abc" } })],
  ["more noticed than there are", JSON.stringify({ mesh: { ...ENTRY, noticed: 11 } })],
  ["a negative number", JSON.stringify({ mesh: { ...ENTRY, noticed: -1 } })],
  ["a text in place of a number", JSON.stringify({ mesh: { ...ENTRY, all: "10" } })],
  ["an unknown key", JSON.stringify({ mesh: { ...ENTRY, more: 1 } })],
  ["one entry of two", JSON.stringify({ mesh: ENTRY, other: {} })],
])("a record with %s is ignored", (name, text) => {
  expect(readRecord(fileOf(name, text))).toEqual({});
});

test("without a record, no score is known", () => {
  expect(readRecord(join(write("none", {}), "scores.json"))).toEqual({});
});

test("new scores are added in the order of the areas, and areas that no longer exist are dropped", () => {
  const other = { ...ENTRY, noticed: 10 };
  const path = fileOf("written", JSON.stringify({ gone: ENTRY, b: ENTRY, c: ENTRY }));
  writeRecord(path, { a: other, b: other }, ["a", "b", "c", "d"]);
  expect(readFileSync(path, "utf8")).toBe(
    `${JSON.stringify({ a: other, b: other, c: ENTRY }, null, 2)}\n`,
  );
});
