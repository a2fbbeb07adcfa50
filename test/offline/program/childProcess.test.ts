import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { startNode } from "../../../offline/program/childProcess.ts";
import { UsageError } from "../../../offline/errors.ts";
import { processesOf } from "../../support/command.ts";
import { scratch } from "../../support/programs.ts";

const cwd = scratch({ packages: false })("children", {});

/** Runs a script to its end, and returns its output. */
async function run(script: string, env: Readonly<Record<string, string | undefined>> = {}) {
  const printed = { stdout: "", stderr: "" };
  const child = startNode(["-e", script], {
    cwd,
    env,
    onText: (stream, text) => (printed[stream] += text),
  });
  return { ...(await child.ended), ...printed };
}

const ENDLESS = "setInterval(() => {}, 1000)";

/** A script that starts an endless process, prints its ID, and exits. */
const leaving = (options: string) =>
  `console.log(require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(ENDLESS)}], ${options}).pid); process.exit(0);`;

/** Whether a process with this ID is running. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\t[XZ]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("startNode", () => {
  test("reports how a process ended, and its output", async () => {
    expect(await run('console.log("out"); console.error("err"); process.exitCode = 3;')).toEqual({
      code: 3,
      signal: null,
      outputHeld: false,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("keeps characters intact across chunks, and the last line without a line end", async () => {
    const script = `
const write = (bytes) => new Promise((done) => process.stdout.write(bytes, () => setTimeout(done, 20)));
(async () => {
  const euro = Buffer.from("€");
  await write("fir"); await write("st\\n\\nsecond "); await write(euro.subarray(0, 1));
  await write(euro.subarray(1)); await write("\\nlast");
})();`;
    expect((await run(script)).stdout).toBe("first\n\nsecond €\nlast");
  });

  test("adds to the environment, runs in the given directory, and gives no input", async () => {
    const script =
      "console.log(process.env.OF_THE_TEST, process.cwd(), process.env.PATH !== undefined);" +
      "process.stdin.on('end', () => console.log('no input')).resume();";
    expect((await run(script, { OF_THE_TEST: "yes" })).stdout).toBe(`yes ${cwd} true\nno input\n`);
  });

  test("reports the signal that ended a process", async () => {
    expect(
      await run("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);"),
    ).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("reports which variable is too large for an environment, and by how much", () => {
    const start = (name: string, length: number) =>
      startNode(["-e", ""], { cwd, env: { [name]: "a".repeat(length) } });
    expect(() => start("PULUMI_CONFIG", 131_058)).toThrow(
      new UsageError(
        "The configuration of the stack is too large: 131,058 bytes. A process receives it in an environment variable, and Linux limits each to 131,071 bytes including its name. Keep large values in files that the program reads.",
      ),
    );
    expect(() => start("OF_THE_TEST", 200_000)).toThrow(
      /^The environment variable OF_THE_TEST is too large: 200,000 bytes\./,
    );
    expect(() => start("PULUMI_CONFIG", 131_057)).not.toThrow();
  });
});

// They wait for seconds and are independent of each other.
describe.concurrent("descendants of a process end with it, even if it exits successfully", () => {
  test.each([
    ["with the same output", '{ stdio: "inherit" }', true],
    ["with no output", '{ stdio: "ignore" }', false],
  ])("%s", async (_, options, outputHeld) => {
    const started = performance.now();
    const ended = await run(leaving(options));
    expect(ended).toMatchObject({ code: 0, signal: null, outputHeld });
    expect(performance.now() - started).toBeLessThan(outputHeld ? 20_000 : 4_900);
    const pid = Number(ended.stdout);
    await vi.waitFor(() => {
      expect(isRunning(pid)).toBe(false);
    }, 30_000);
  });

  test("a daemon survives, but its hold on the output does not delay the result", async () => {
    const { code, outputHeld, stdout } = await run(leaving('{ stdio: "inherit", detached: true }'));
    expect({ code, outputHeld }).toEqual({ code: 0, outputHeld: true });
    const pid = Number(stdout);
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });
});

test("stop ends a process with all its descendants, and has no effect a second time", async () => {
  const marker = `marker-${process.pid}-${Date.now()}`;
  const script = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(ENDLESS)}, process.argv[1]]); console.log("started"); ${ENDLESS}`;
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (start = resolve));
  const child = startNode(["-e", script, marker], { cwd, env: {}, onText: start });
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
