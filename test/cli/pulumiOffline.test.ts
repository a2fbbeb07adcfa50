import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { javascript, policyPack, scratch } from "../support/programs.ts";

const ROOT = join(__dirname, "../..");
const write = scratch();
const program = write("shop", javascript("shop", `new Resource("a:b:C", "c", {});`));
const pack = write(
  "strict",
  policyPack(
    "strict",
    `{
      name: "no-c",
      description: "No C.",
      enforcementLevel: "mandatory",
      validateResource: ({ name }, report) => name === "c" && report("It is a C."),
    }`,
  ),
);

/** Runs the command of the package `pulumi-offline` from the sources. */
function pulumiOffline(...args: readonly string[]) {
  const register = join(ROOT, "bin/register.js");
  return spawnSync(
    process.execPath,
    ["-r", register, join(ROOT, "cli/pulumiOffline.ts"), ...args],
    {
      encoding: "utf8",
    },
  );
}

test("without --policy-pack, a program is previewed without policies", () => {
  const { status, stdout } = pulumiOffline("preview", program);
  expect(stdout).toContain("a:b:C");
  expect(status).toBe(0);
});

test("a pack of anybody can stop the preview", () => {
  const { status, stdout } = pulumiOffline("preview", program, "--policy-pack", pack);
  expect(stdout).toContain("It is a C.");
  expect(status).toBe(1);
});

test.each([
  [
    ["preview", program, "--require-judged"],
    "--require-judged requires a policy pack. Pass --policy-pack.\n",
  ],
  [
    ["preview", program, "--no-policy-pack"],
    "error: unknown option '--no-policy-pack'\n(Did you mean --policy-pack?)\n",
  ],
])("%j is wrong usage", (args, message) => {
  const { status, stderr } = pulumiOffline(...args);
  expect(stderr).toBe(message);
  expect(status).toBe(2);
});
