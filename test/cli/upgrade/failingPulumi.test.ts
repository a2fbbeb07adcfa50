import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { aksIstio } from "../../support/command.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });
const children: { kill: (signal: "SIGKILL") => void }[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const AGAIN = "npx aks-istio upgrade --stack prod";
const WRONG_PASSPHRASE = `echo "error: incorrect passphrase" >&2; exit 255`;

/** A stack in the phase canary, and a Pulumi CLI that knows it but does this instead of a deployment or telling outputs. */
function stackWith(name: string, script: string) {
  const directory = write(name, {
    "Pulumi.yaml": readFileSync("Pulumi.yaml", "utf8"),
    "index.ts": "",
    "Pulumi.prod.yaml": readFileSync("examples/upgrade-canary.yaml", "utf8"),
    "bin/pulumi": `#!/bin/sh
case "$1 $2" in
  version*) echo v3.250.0 ;;
  "stack select") ;;
  *) ${script} ;;
esac
`,
  });
  chmodSync(join(directory, "bin/pulumi"), 0o755);
  const PATH = [join(directory, "bin"), process.env["PATH"]].join(delimiter);
  return { directory, env: { PATH } };
}

test("a deployment that fails shows what the Pulumi CLI wrote to stderr, and says the ways on", async () => {
  const { directory, env } = stackWith("fails", WRONG_PASSPHRASE);
  const { code, stdout, stderr } = await aksIstio(
    ["upgrade", "--stack", "prod", "--run", "--stop-after", "promoted"],
    env,
    directory,
  );
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(`Deploying the phase canary
error: incorrect passphrase
The deployment failed. Its output above says why.
Where the upgrade stands:      ${AGAIN}
To go on once this is mended:  ${AGAIN} --stop-after promoted --run
To go back:                    ${AGAIN} --back --run
`);
});

test("outputs that cannot be read are said, and nothing is changed", async () => {
  const { directory, env } = stackWith("secret", WRONG_PASSPHRASE);
  const { code, stdout, stderr } = await aksIstio(
    ["upgrade", "--stack", "prod", "--run", "--back"],
    env,
    directory,
  );
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(`The outputs of the stack prod cannot be read: error: incorrect passphrase
Where the upgrade stands:           ${AGAIN}
To go on back once this is mended:  ${AGAIN} --back --run
To upgrade after all:               ${AGAIN} --run
`);
  expect(readFileSync(join(directory, "Pulumi.prod.yaml"), "utf8")).toBe(
    readFileSync("examples/upgrade-canary.yaml", "utf8"),
  );
});

test("a second interruption ends it at once, and says how to free the stack", async () => {
  const { directory, env } = stackWith("hangs", `trap "" INT; echo started; exec sleep 600`);
  const child = spawn(
    process.execPath,
    [join(__dirname, "../../../bin/aks-istio.js"), "upgrade", "--stack", "prod", "--run"],
    { cwd: directory, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  children.push(child);
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (text.includes("started")) child.kill("SIGINT");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (text.includes("Interrupted.")) child.kill("SIGINT");
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect([code, stderr]).toEqual([
    130,
    `Deploying the phase canary
Interrupted. Ending what is in progress
Ended at once. If a deployment was in progress, it keeps its lock: pulumi cancel --stack prod
`,
  ]);
});
