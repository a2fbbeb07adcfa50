import { writeFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccessError } from "../../../operate/accessError.ts";
import { readSavedAnswer } from "../../../operate/revisions/savedAnswer.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "revisions-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function read(value: unknown) {
  const file = join(folder, "revisions.json");
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return readSavedAnswer(file);
}

// https://learn.microsoft.com/rest/api/aks/managed-clusters/list-mesh-revision-profiles
const REVISION = {
  compatibleWith: [
    { name: "KubernetesOfficial", versions: ["1.32", "1.33"] },
    { name: "AKSLongTermSupport", versions: ["1.32"] },
  ],
  revision: "asm-1-29",
  upgrades: ["asm-1-30"],
};
const OFFERED = {
  revision: "asm-1-29",
  upgrades: ["asm-1-30"],
  kubernetes: { KubernetesOfficial: ["1.32", "1.33"], AKSLongTermSupport: ["1.32"] },
};

test.each([
  ["the output of az aks mesh get-revisions", { meshRevisions: [REVISION] }],
  ["a profile of ARM", { name: "istio", properties: { meshRevisions: [REVISION] } }],
  ["ARM's list of profiles", { value: [{ properties: { meshRevisions: [REVISION] } }] }],
  ["a list of profiles", [{ properties: { meshRevisions: [REVISION] } }]],
])("reads %s", (_, value) => {
  expect(read(value)).toEqual([OFFERED]);
});

test("reads the newest revision, which has no upgrades", () => {
  expect(read({ meshRevisions: [{ ...REVISION, upgrades: null }] })).toEqual([
    { ...OFFERED, upgrades: [] },
  ]);
});

test.each([
  ["text", "ERROR: not logged in"],
  ["another answer", { orchestrators: [] }],
  ["an empty list", { value: [] }],
  ["a list with something else", [{ meshRevisions: [REVISION] }, { id: "x" }]],
])("refuses %s", (_, value) => {
  expect(() => read(value)).toThrow(
    new AccessError(
      `${join(folder, "revisions.json")} is not a list of mesh revisions. Write it with az aks mesh get-revisions --location LOCATION -o json.`,
    ),
  );
});

test("names all revisions that are none", () => {
  const meshRevisions = [REVISION, { revision: "1-30" }, { upgrades: [] }];
  expect(() => read({ meshRevisions })).toThrow(
    new AccessError(
      `${join(folder, "revisions.json")} has revisions with the names "1-30", null, but one is like asm-1-30.`,
    ),
  );
});

test("says that a file cannot be read", () => {
  expect(() => readSavedAnswer(join(folder, "absent.json"))).toThrow(/absent\.json cannot be read/);
});
