import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../../support/command.ts";

const upgrade = (...args: readonly string[]) => aksIstio(["upgrade", "--stack", "dev", ...args]);

test("--dry-run says every step of a run, and takes none", async () => {
  const { code, stdout, stderr } = await upgrade("--run", "--to", "asm-1-31", "--dry-run");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(`A run would do this, and stop at the first doubt:
  1. set upgrade to { to: asm-1-31, phase: prepared }
  2. deploy (AKS runs asm-1-30), restart what follows another revision, verify
  3. set upgrade.phase to canary; AKS then runs asm-1-31 alongside asm-1-30
  4. deploy (AKS runs asm-1-30, asm-1-31), restart what follows another revision, verify
  5. set upgrade.phase to promoted; every namespace then follows asm-1-31
  6. deploy (AKS runs asm-1-30, asm-1-31), restart what follows another revision, verify
  7. set revision to asm-1-31 and remove upgrade; AKS then stops asm-1-30
  8. deploy (AKS runs asm-1-31), restart what follows another revision, verify
`);
});

test("--dry-run ends in the phase to stop after", async () => {
  const { stdout } = await upgrade(
    ...["--run", "--to", "asm-1-31", "--stop-after", "prepared", "--dry-run"],
  );
  expect(stdout.trim().split("\n").slice(1)).toEqual([
    "  1. set upgrade to { to: asm-1-31, phase: prepared }",
    "  2. deploy (AKS runs asm-1-30), restart what follows another revision, verify",
  ]);
});

test("without the Pulumi CLI, says what is missing", async () => {
  const empty = mkdtempSync(join(tmpdir(), "no-pulumi-"));
  try {
    const { code, stderr } = await aksIstio(["upgrade", "--stack", "dev", "--run"], {
      PATH: empty,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The stack dev cannot be opened: .*ENOENT/);
    expect(stderr).toContain("The Pulumi CLI must be installed and signed in");
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test.each([
  [["--stop-after", "canary"], "--stop-after ends a run. Pass --run, too."],
  [
    ["--run", "--output", "json"],
    "--next, --back and --run print text, not json. Leave out --output.",
  ],
  [
    ["--back", "--run", "--to", "asm-1-31"],
    "--to is the target of an upgrade that --next or --run starts. Pass one of them, too.",
  ],
  [["--run", "--next"], "error: option '--run' cannot be used with option '--next'"],
  [["--run", "--wave", "0"], "Write a whole number of 1 or more."],
])("refuses %j", async (args, says) => {
  const { code, stdout, stderr } = await upgrade(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(says);
});
