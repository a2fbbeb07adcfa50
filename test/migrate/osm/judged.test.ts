import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { check } from "../../../check/check.ts";
import { SCOPE, configurable } from "../../../check/policies.ts";
import { labelOf } from "../../../operate/cluster/clusterObject.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { isOfOsm } from "../../../migrate/osm/osmMesh.ts";
import { subjectOf } from "../../../migrate/report.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

const CASES = join(__dirname, "cases");
const scope = { today: "2026-11-24", clusterUsesAddon: true, revisions: ["asm-1-30"] };

/** The violations in a mesh after its migration, as `policy: object`. */
function violationsAfter(text: string, level: "mandatory" | "advisory"): readonly string[] {
  const { manifests } = readManifestText(text, "before.yaml");
  const { objects } = migrateOsm(manifests, { revision: "asm-1-30", out: "out" });
  const created = new Set(objects.map(labelOf));
  const kept = manifests.filter((one) => !isOfOsm(one) && !created.has(subjectOf(one)));
  const after = readManifestText(objects.map((one) => stringify(one)).join("---\n"), "after.yaml");
  const policies = configurable
    .filter(({ enforcementLevel }) => enforcementLevel === level)
    .map(({ name }) => name);
  const configOf = (policy: string) => {
    if (policy === SCOPE) return scope;
    return policies.includes(policy) ? {} : undefined;
  };
  const { verdicts } = check([[...kept, ...after.manifests]], configOf);
  return verdicts
    .filter(({ outcome }) => outcome === "violation")
    .map(({ policy, resource, text: says }) => `${policy}: ${resource.name}: ${says}`);
}

const names = readdirSync(CASES).filter((name) => /^[^.]+\.yaml$/.test(name));

/** What was so before, and what only manifests that are not in the case would show. */
const BEFORE = /^pod-no-host-network: asked\/host: |but the stack has no Service /;

test.each(names)("no new object of %s violates a mandatory policy", (name) => {
  const all = violationsAfter(readFileSync(join(CASES, name), "utf8"), "mandatory");
  expect(all.filter((one) => !BEFORE.test(one))).toEqual([]);
});

test("no object of the Bookstore violates a policy about the mesh", () => {
  const all = violationsAfter(readFileSync(join(CASES, "bookstore.yaml"), "utf8"), "advisory");
  expect(all.filter((one) => !/^(workload|aks|flux)-/.test(one))).toEqual([]);
});
