import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { javascript, policyPack, scratch } from "../support/programs.ts";

const write = scratch();
const root = join(__dirname, "../..");

let directory: string;
let packs: Readonly<Record<"fine" | "violated" | "throws", string>>;

beforeAll(() => {
  // More than a pipe's buffer holds.
  const prints = 'for (let i = 0; i < 10_000; i++) console.log("line " + i);';
  directory = write(
    "printing",
    javascript("printing", `new Resource("a:b:C", "one", {});${prints}`),
  );
  const judging = (name: string, body: string) =>
    write(
      name,
      policyPack(
        name,
        `{ name: "judge", description: "j", enforcementLevel: "mandatory", validateResource: (args, report) => { ${body} } },`,
      ),
    );
  packs = {
    fine: judging("fine", ""),
    violated: judging("violated", 'if (args.type === "a:b:C") report("wrong");'),
    throws: judging("throws", 'throw new Error("no");'),
  };
});

/** Runs a preview in a shell that redirects its output as the test requires. */
async function previewed(pack: keyof typeof packs, output: string) {
  const report = join(write("reports", {}), `${Math.random()}.json`);
  const command = `node bin/aks-istio.js preview "$0" --policy-pack "$1" --json "$2" ${output}; exit "\${PIPESTATUS[0]}"`;
  const shell = spawn("bash", ["-c", command, directory, packs[pack], report], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  shell.stdout.resume();
  const [code] = (await once(shell, "close")) as [number | null];
  const violations = existsSync(report)
    ? (JSON.parse(readFileSync(report, "utf8")) as { policyViolations: unknown[] }).policyViolations
    : undefined;
  return { code, violations: violations?.length, stderr };
}

describe("if the reader closes the output, the exit code is that of the run", () => {
  test.concurrent.each([
    ["fine", "2> >(true)", 0],
    ["fine", "| head -1", 0],
    ["fine", "2>&1 | head -1", 0],
    ["fine", "2>&1 | true", 0],
    ["fine", "> >(true) 2>&1", 0],
    ["violated", "2>&1 | true", 1],
  ] as const)("%s %s", async (pack, output, code) => {
    expect(await previewed(pack, output)).toMatchObject({ code, violations: code });
  });

  test.concurrent("a failing pack does not look like a violation", async () => {
    expect(await previewed("throws", "2> >(true)")).toMatchObject({ code: 2 });
  });
});

const SAID = "Cannot write to standard output: ENOSPC: no space left on device, write\n";

describe("if the output cannot be written, the exit code is 2, and reports are written", () => {
  test.concurrent.each([
    ["fine", ">/dev/full", SAID],
    ["violated", ">/dev/full", SAID],
    ["fine", "2>/dev/full", ""],
    ["fine", ">/dev/full 2>&1", ""],
    ["fine", ">/dev/full 2> >(true)", ""],
  ] as const)("%s %s", async (pack, output, said) => {
    const { code, violations, stderr } = await previewed(pack, output);
    expect({ code, violations }).toEqual({ code: 2, violations: pack === "fine" ? 0 : 1 });
    expect(stderr.replace(/^Starting .*\nPlanned .*\n/, "")).toBe(said);
  });
});
