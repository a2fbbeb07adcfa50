import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SHELLS } from "../../cli/completion/scripts.ts";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch();

/** What completes a line, from a directory; the last word is the one at the cursor. */
async function completed(directory: string, ...words: readonly string[]) {
  const args = ["complete", `--word=${words.at(-1) ?? ""}`, "--", ...words.slice(0, -1)];
  const { code, stdout, stderr } = await aksIstio(args, {}, directory);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

const project = write("shop", {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "index.js": "",
  "Pulumi.dev.yaml": "",
  "Pulumi.prod.yaml": "",
  "below/empty.txt": "",
});
const elsewhere = write("elsewhere", { "empty.txt": "" });

test("completes the names of commands, but none that is not for users", async () => {
  expect(await completed(project, "c")).toBe("comment\ncheck\ncompletion\n");
});

test("completes an option with its description", async () => {
  expect(await completed(project, "preview", "--det")).toBe(
    "--details\tshow advisory findings in full\n",
  );
});

test("completes the stacks of the nearest project, or of the one that the line names", async () => {
  const stacks = "dev\nprod\n";
  expect(await completed(join(project, "below"), "preview", "--stack", "")).toBe(stacks);
  expect(await completed(elsewhere, "preview", project, "--stack", "")).toBe(stacks);
});

test("offers no name of a file that a shell would run", async () => {
  const hostile = write("hostile", {
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "index.js": "",
    "Pulumi.$(touch x).yaml": "",
    "Pulumi.a;b.yaml": "",
    "Pulumi.eu-west_1.prod.yaml": "",
  });
  expect(await completed(hostile, "preview", "--stack", "")).toBe("eu-west_1.prod\n");
});

test("completes nothing where no project is", async () => {
  expect(await completed(elsewhere, "preview", "--stack", "")).toBe("");
});

test("completes revisions and policies", async () => {
  expect(await completed(elsewhere, "check", "--revision", "asm-1-3")).toBe("asm-1-30\n");
  expect(await completed(elsewhere, "explain", "mesh-osm")).toBe("mesh-osm-conflict\n");
  expect(await completed(elsewhere, "explain", "policy", "mesh-osm")).toBe("mesh-osm-conflict\n");
});

test("leaves files and directories to the shell", async () => {
  expect(await completed(project, "check", "--plan", "")).toBe(":files\n");
  expect(await completed(project, "preview", "--gitops", "")).toBe(":directories\n");
});

test.each(SHELLS)("writes a script for %s that names the program", async (shell) => {
  const { code, stdout } = await aksIstio(["completion", shell]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# ?(?:compdef aks-istio|Completes aks-istio in )/);
  expect(stdout).not.toContain("PROGRAM");
});

test("refuses a shell without a script", async () => {
  const { code, stderr } = await aksIstio(["completion", "tcsh"]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell.\n",
  );
});

test("pulumi-offline completes, too", () => {
  const root = join(__dirname, "../..");
  const { stdout } = spawnSync(
    process.execPath,
    [
      ...["-r", join(root, "bin/register.js"), join(root, "cli/pulumiOffline.ts")],
      ...["complete", "--word=--sta", "--", "preview"],
    ],
    { encoding: "utf8" },
  );
  expect(stdout).toMatch(/^--stack\t/);
});
