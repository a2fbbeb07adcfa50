import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aksIstio } from "../../support/command.ts";

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "stacks-"));
  cpSync("Pulumi.yaml", join(project, "Pulumi.yaml"));
  writeFileSync(join(project, "index.ts"), "");
  cpSync("examples/minimal.yaml", join(project, "Pulumi.test.yaml"));
  cpSync("examples/upgrade-canary.yaml", join(project, "Pulumi.prod-a.yaml"));
  cpSync("examples/external-revisions.yaml", join(project, "Pulumi.prod-b.yaml"));
});

afterAll(() => {
  rmSync(project, { recursive: true });
});

const upgrade = (...args: readonly string[]) => aksIstio(["upgrade", ...args], {}, project);

test("shows several stacks in one table, in every format", async () => {
  const several = ["--stack", "test", "--stack", "prod-*"];
  const [table, markdown, json] = await Promise.all([
    upgrade(...several),
    upgrade(...several, "--output", "markdown"),
    upgrade(...several, "--output", "json"),
  ]);
  const next = "set upgrade.phase to promoted; every namespace then follows asm-1-30";
  expect(table).toEqual({
    code: 0,
    stderr: "",
    stdout: `stack   revision        to        phase   next
test    asm-1-30                  none
prod-a  asm-1-29        asm-1-30  canary  ${next}
prod-b  managed by AKS
`,
  });
  expect(markdown.stdout).toContain(`| prod-a | asm-1-29 | asm-1-30 | canary | ${next} |\n`);
  const statuses = JSON.parse(json.stdout) as Readonly<
    Record<string, { readonly mesh: { readonly phase?: string; readonly management: string } }>
  >;
  expect(
    Object.entries(statuses).map(([name, { mesh }]) => [name, mesh.management, mesh.phase]),
  ).toEqual([
    ["test", "pinned", "none"],
    ["prod-a", "pinned", "canary"],
    ["prod-b", "external", undefined],
  ]);
});

test("a run takes one stack after the other", async () => {
  const { code, stdout } = await upgrade(
    ...["--stack", "prod-a", "--stack", "test", "--run", "--to", "asm-1-30", "--dry-run"],
  );
  expect(code).toBe(0);
  expect(stdout).toBe(`
Stack prod-a
A run would do this, and stop at the first doubt:
  1. deploy (AKS runs asm-1-29, asm-1-30), restart what follows another revision, verify
  2. set upgrade.phase to promoted; every namespace then follows asm-1-30
  3. deploy (AKS runs asm-1-29, asm-1-30), restart what follows another revision, verify
  4. set revision to asm-1-30 and remove upgrade; AKS then stops asm-1-29
  5. deploy (AKS runs asm-1-30), restart what follows another revision, verify

Stack test
A run would do this, and stop at the first doubt:
  1. deploy (AKS runs asm-1-30), restart what follows another revision, verify
`);
});

test("a run back begins with the step back", async () => {
  const { stdout } = await upgrade("--stack", "prod-a", "--run", "--back", "--dry-run");
  expect(stdout.split("\n").slice(1, 3)).toEqual([
    "  1. unset canary on web to follow asm-1-29 again",
    "  2. deploy (AKS runs asm-1-29, asm-1-30), restart what follows another revision, verify",
  ]);
});

test("a run refuses what one of its stacks cannot do before it touches another", async () => {
  const several = ["--stack", "test", "--stack", "prod-*", "--run", "--stop-after", "prepared"];
  const { code, stdout, stderr } = await upgrade(...several, "--to", "asm-1-30", "--dry-run");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr)
    .toBe(`The stack prod-a: The upgrade is canary already, so a run cannot stop after prepared. Leave out --stop-after to go on to the end, or go back with --back.
The stack prod-b: With mesh.management: external, the mesh is upgraded outside the program: see docs/upgrading.md.
`);
});

test("says which stacks a run that fails has not begun", async () => {
  const empty = join(project, "no-pulumi");
  mkdirSync(empty);
  const several = ["--stack", "prod-a", "--stack", "test", "--run"];
  const { code, stdout, stderr } = await aksIstio(
    ["upgrade", ...several],
    { PATH: empty },
    project,
  );
  expect([code, stdout]).toEqual([2, "\nStack prod-a\nNot begun: test\n"]);
  expect(stderr).toMatch(/^The stack prod-a cannot be opened/);
});

test.each([
  [["--run", "--to", "asm-1-31", "--dry-run", "--stack", "prod-a"], "so its target cannot change"],
  [["--next", "--stack", "*"], "about one stack. Name one --stack."],
  [["--context", "prod", "--stack", "*"], "about one stack. Name one --stack."],
  [["--stack", "qa-*"], "has a name like qa-*. It has: prod-a, prod-b, test."],
])("refuses %j", async (args, says) => {
  const { code, stdout, stderr } = await upgrade(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(says);
});
