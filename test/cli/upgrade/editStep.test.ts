import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { writeStep } from "../../../cli/upgrade/editStep.ts";
import type { MeshState } from "../../../mesh/upgrade.ts";
import { aksIstio } from "../../support/command.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });
const MESH: MeshState = { settings: { revision: "asm-1-30" }, namespaces: {} };

/** A copy of an example that a step may edit. */
function copy(name: string, edit: (text: string) => string = (text) => text) {
  const text = edit(readFileSync(`examples/upgrade-${name}.yaml`, "utf8"));
  const file = join(write(`edit-${name}`, { "Pulumi.prod.yaml": text }), "Pulumi.prod.yaml");
  const run = (...more: string[]) =>
    aksIstio(["upgrade", "--stack", "prod", "--config-file", file, ...more]);
  return { file, text, run, read: () => readFileSync(file, "utf8") };
}

test("edits the stack file to the next step, shows it, and says what to run", async () => {
  const { file, text, run, read } = copy("prepared");
  const shown = `    …
        upgrade:
          to: asm-1-30
  -       phase: prepared
  +       phase: canary
        meshConfig:
          accessLogEncoding: JSON

Set upgrade.phase to canary; AKS then runs asm-1-30 alongside asm-1-29.

Then run:
  pulumi up --stack prod --policy-pack policy
and restart what moves to another revision:
  kubectl rollout restart deployment,statefulset,daemonset --namespace web
`;
  expect(await run("--next", "--dry-run")).toEqual({
    code: 0,
    stdout: `${file} would be changed:\n${shown}`,
    stderr: "",
  });
  expect(read()).toBe(text);
  expect(await run("--next")).toEqual({
    code: 0,
    stdout: `${file} is changed:\n${shown}`,
    stderr: "",
  });
  expect(read()).toBe(text.replace("phase: prepared", "phase: canary"));
});

test("leaves a file as it is that somebody has changed meanwhile", () => {
  const { file, text, read } = copy("promoted");
  const edit = { textBefore: `${text}# before`, textAfter: `${text}# after` };
  const step = { does: "", leadsTo: MESH, first: [] };
  const taken = () => {
    writeStep({ ...edit, step, before: MESH, file, warnings: [] });
  };
  expect(taken).toThrow(`${file} has changed meanwhile, so it is left as it is.`);
  expect(read()).toBe(text);
  rmSync(file);
  expect(taken).toThrow(`${file} has changed meanwhile, so it is left as it is.`);
  expect(existsSync(file)).toBe(false);
});

test("replaces the file as a whole, so an interruption leaves no half of it", () => {
  const { file, text, read } = copy("promoted");
  const open = openSync(file, "r");
  const step = { does: "", leadsTo: MESH, first: [] };
  writeStep({ textBefore: text, textAfter: "after", step, before: MESH, file, warnings: [] });
  // Who reads the file meanwhile still has the old one.
  expect(readFileSync(open, "utf8")).toBe(text);
  closeSync(open);
  expect(read()).toBe("after");
  expect(readdirSync(dirname(file))).toEqual(["Pulumi.prod.yaml"]);
});

test("goes back, byte for byte, and says what must be true first", async () => {
  const { text, run, read } = copy("canary", (all) =>
    all.replace("      canary: true\n", "      {}\n"),
  );
  const { code, stdout } = await run("--back");
  expect(code).toBe(0);
  expect(stdout).toContain(
    "\nSet upgrade.phase to prepared; AKS then stops asm-1-30.\nFirst: no pod runs a proxy of asm-1-30: restart those that do.\n",
  );
  expect(read()).toBe(text.replace("phase: canary", "phase: prepared"));
  expect((await run("--next")).code).toBe(0);
  expect(read()).toBe(text);
});

test("starts an upgrade to the only revision that can follow, or to the one that is named", async () => {
  const { text, run, read } = copy("before");
  expect((await run("--next")).code).toBe(0);
  const started = read();
  expect(started).toBe(
    text.replace(
      "    revision: asm-1-29\n",
      "    revision: asm-1-29\n    upgrade:\n      to: asm-1-30\n      phase: prepared\n",
    ),
  );
  expect((await run("--next", "--to", "asm-1-31")).stderr).toBe(
    "warning: asm-1-31 is newer than the catalog of 2026-08-21. Ask Azure: az aks mesh get-upgrades.\n",
  );
  expect(read()).toBe(started.replace("to: asm-1-30", "to: asm-1-31"));
});

test("writes nothing if the step is not legal", async () => {
  const { text, run, read } = copy("before");
  expect(await run("--next", "--to", "asm-1-28")).toEqual({
    code: 2,
    stdout: "",
    stderr: "asm-1-28 is older than asm-1-29, but AKS does not downgrade a mesh.\n",
  });
  expect(read()).toBe(text);
});

test.each([
  ["before", ["--back"], "No upgrade is in progress, so there is no step back."],
  ["canary", ["--next", "--to", "asm-1-31"], "so its target cannot change."],
  ["canary", ["--to", "asm-1-31"], "--next or --run starts. Pass one of them, too."],
  ["canary", ["--dry-run"], "Pass one of them, too."],
  ["canary", ["--next", "--to", "1.31"], "Write a revision such as asm-1-31."],
  ["canary", ["--next", "--back"], "cannot be used with"],
  ["canary", ["--next", "--json"], "cannot be used with"],
  ["canary", ["--back", "--before", "main"], "cannot be used with"],
])("%s: %j is a mistake", async (name, options, message) => {
  const { text, run, read } = copy(name);
  const { code, stdout, stderr } = await run(...options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(read()).toBe(text);
});

test("with external revisions, there is nothing to edit", async () => {
  const { code, stderr } = await aksIstio([
    "upgrade",
    "--config-file",
    "examples/external-revisions.yaml",
    "--next",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("the mesh is upgraded outside the program");
});
