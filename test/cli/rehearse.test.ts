import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";

/** Where there is no Pulumi CLI. */
const nowhere = mkdtempSync(join(tmpdir(), "no-pulumi-"));
afterAll(() => {
  rmSync(nowhere, { recursive: true });
});

test.each([
  [["--fail", "make:it"], "is no fault"],
  [["--day", "tomorrow"], "Write a date such as 2026-08-24."],
  [["--latency", "slow"], "Write a whole number of milliseconds"],
  [[".", "pulumi", "up"], "write -- before a command to run"],
])("rehearse %j is wrong usage", async (args, message) => {
  const { code, stderr } = await aksIstio(["rehearse", ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("a rehearsal says that it takes the Pulumi CLI, where there is none", async () => {
  const { code, stderr } = await aksIstio(["rehearse"], { PATH: nowhere });
  expect([code, stderr]).toEqual([2, expect.stringContaining("download-install")]);
});
