import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { injectedManifests } from "../../program/injectedManifests.ts";

let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "injected-")), "sidecars.yaml");
});

afterEach(() => {
  rmSync(join(file, ".."), { recursive: true });
});

const read = () => injectedManifests("workloads.shop.injected", file);

test("reads every document", () => {
  writeFileSync(file, "---\nkind: Deployment\n---\n# nothing\n---\nkind: Service\n");
  expect(read()).toEqual([{ kind: "Deployment" }, { kind: "Service" }]);
});

test("a file without documents has no manifests", () => {
  writeFileSync(file, "");
  expect(read()).toEqual([]);
});

test("says which setting names a file that cannot be read", () => {
  expect(read).toThrow(
    `workloads.shop.injected: ${file} cannot be read: ENOENT: no such file or directory`,
  );
  writeFileSync(file, "a: [");
  expect(read).toThrow(/^workloads\.shop\.injected: .* cannot be read: Flow sequence/);
});
