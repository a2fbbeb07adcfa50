import { describe, expect, test, vi } from "vitest";
import { startNode } from "../../local/childProcess.ts";
import { processesOf } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const cwd = scratch({ packages: false })("children", {});

/** Runs a script to its end, with every line as it was seen. */
async function run(script: string, env: Readonly<Record<string, string | undefined>> = {}) {
  const lines: string[] = [];
  const child = startNode(["-e", script], {
    cwd,
    env,
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
  });
  return { ...(await child.ended), lines };
}

describe("startNode", () => {
  test("tells how a process ended, and what it printed", async () => {
    expect(await run('console.log("out"); console.error("err"); process.exitCode = 3;')).toEqual({
      code: 3,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
      lines: expect.arrayContaining(["stdout: out", "stderr: err"]) as unknown,
    });
  });

  test("sees lines whole, however they arrive, also a last one without an end", async () => {
    const script = `
const write = (bytes) => new Promise((done) => process.stdout.write(bytes, () => setTimeout(done, 20)));
(async () => {
  const euro = Buffer.from("€");
  await write("fir"); await write("st\\n\\nsecond "); await write(euro.subarray(0, 1));
  await write(euro.subarray(1)); await write("\\nlast");
})();`;
    const { lines, stdout } = await run(script);
    expect(lines).toEqual(["stdout: first", "stdout: ", "stdout: second €", "stdout: last"]);
    expect(stdout).toBe("first\n\nsecond €\nlast");
  });

  test("keeps the end of what is too much", async () => {
    const { stdout } = await run('process.stdout.write("a".repeat(1_500_000) + "z");');
    expect(stdout).toBe(`${"a".repeat(999_999)}z`);
  });

  test("adds to the environment, runs where it is told, and gives no input", async () => {
    const script =
      "console.log(process.env.OF_THE_TEST, process.cwd(), process.env.PATH !== undefined);" +
      "process.stdin.on('end', () => console.log('no input')).resume();";
    expect((await run(script, { OF_THE_TEST: "yes" })).stdout).toBe(`yes ${cwd} true\nno input\n`);
  });

  test("tells the signal that ended a process", async () => {
    expect(
      await run("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);"),
    ).toMatchObject({
      code: null,
      signal: "SIGTERM",
    });
  });
});

test("stop ends a process with all that it started, and does nothing a second time", async () => {
  const marker = `marker-${process.pid}-${Date.now()}`;
  const endless = "setInterval(() => {}, 1000)";
  const script = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(endless)}, process.argv[1]]); console.log("started"); ${endless}`;
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (start = resolve));
  const child = startNode(["-e", script, marker], { cwd, env: {}, onLine: start });
  await started;
  await vi.waitFor(() => {
    expect(processesOf(marker)).toHaveLength(2);
  }, 30_000);
  child.stop();
  expect(await child.ended).toMatchObject({ code: null, signal: "SIGKILL" });
  await vi.waitFor(() => {
    expect(processesOf(marker)).toEqual([]);
  }, 30_000);
  child.stop();
});
