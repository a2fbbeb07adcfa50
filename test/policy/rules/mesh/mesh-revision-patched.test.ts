import { expect, test } from "vitest";
import { meshRevisionPatched } from "../../../../policy/rules/mesh/mesh-revision-patched.ts";
import { UNKNOWN, cluster } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const running = (revisions: unknown, mode: unknown = "Istio") =>
  cluster({ serviceMeshProfile: { mode, istio: { revisions } } });

async function messages(revisions: unknown, today: string, mode?: unknown) {
  const config = { "mesh-scope": { today } };
  return (await run(meshRevisionPatched, [running(revisions, mode)], { config })).map(
    ({ level, message }) => [level, message],
  );
}

const WHERE = 'ManagedCluster "orders": serviceMeshProfile.istio.revisions';

test("an unsupported revision gets no patches, from the first day on", async () => {
  expect(await messages(["asm-1-27"], "2026-05-31")).toEqual([]);
  expect(await messages(["asm-1-27"], "2026-06-01")).toEqual([
    [
      "violation",
      `${WHERE} has asm-1-27, whose support ended after 2026-05. It no longer receives patches. Upgrade the mesh.`,
    ],
  ]);
  expect(await messages(["asm-1-27"], "2026-06-01", "Disabled")).toEqual([]);
});

test("an expected date is reported as such", async () => {
  expect(await messages(["asm-1-29"], "2026-09-30")).toEqual([]);
  expect(await messages(["asm-1-29"], "2026-10-01")).toEqual([
    [
      "violation",
      `${WHERE} has asm-1-29, whose support was expected to end after 2026-09, and today is 2026-10-01. Ask Azure which revisions it offers now, upgrade the mesh, and update the catalog.`,
    ],
  ]);
});

test("an older revision next to a supported one is about to be removed", async () => {
  expect(await messages(["asm-1-27", "asm-1-29"], "2026-09-01")).toEqual([]);
});

test("an unknown revision is not judged", async () => {
  expect((await messages(UNKNOWN, "2026-09-01")).map(([level]) => level)).toEqual(["unjudged"]);
});
