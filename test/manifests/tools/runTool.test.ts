import { chmodSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { runTool } from "../../../manifests/tools/runTool.ts";
import { processesOf } from "../../support/command.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";

const onPath = toolsOnPath();

describe("a tool from PATH", () => {
  test("gets arguments and input, and returns what it prints", async () => {
    onPath({ tool: 'print(JSON.stringify([args, input()])); process.stderr.write("W: old\\n");' });
    expect(await runTool("tool", ["a b", "--c"], { input: "text" })).toEqual({
      text: '[["a b","--c"],"text"]',
    });
    expect(await runTool("tool", [])).toEqual({ text: '[[],""]' });
  });

  test("may ignore its input, however long", async () => {
    onPath({ tool: 'print("done");' });
    expect(await runTool("tool", [], { input: "x".repeat(1_000_000) })).toEqual({ text: "done" });
  });

  test("is missing if no directory of PATH has it", async () => {
    onPath({ other: "" });
    expect(await runTool("tool", [])).toEqual({ missing: true });
  });

  test("does not reach other machines, and reads no kubeconfig", async () => {
    process.env["NO_PROXY"] = "*";
    onPath({
      tool: `const { HTTPS_PROXY, https_proxy, NO_PROXY, GIT_ALLOW_PROTOCOL, KUBECONFIG } = process.env;
print(JSON.stringify({ HTTPS_PROXY, https_proxy, NO_PROXY, GIT_ALLOW_PROTOCOL, KUBECONFIG }));`,
    });
    const run = await runTool("tool", []);
    delete process.env["NO_PROXY"];
    expect(run).toEqual({
      text: JSON.stringify({
        HTTPS_PROXY: "http://127.0.0.1:9",
        https_proxy: "http://127.0.0.1:9",
        GIT_ALLOW_PROTOCOL: "file",
        KUBECONFIG: "/dev/null",
      }),
    });
  });

  test.each([
    ["W: old\nError: no such chart\nmore\n", "no such chart"],
    ["W: old\nerror: no such file\n", "no such file"],
    ['E1129 04:23:36.05  51 run.go:72] "command failed" err="no \\"x\\" here"\n', 'no "x" here'],
    [
      'E1129 04:23:36.05  51 run.go:72] "command failed" err=<\n\tno x:\n\t  here\n >\n',
      "no x: here",
    ],
    ["a\n\nb\n\n", "b"],
  ])("that fails with %j gives its error", async (text, failure) => {
    onPath({ tool: `fail(${JSON.stringify(text)});` });
    expect(await runTool("tool", [])).toEqual({ failure });
  });

  test("that fails without a word gives its exit code or signal", async () => {
    onPath({ tool: "process.exitCode = 3;" });
    expect(await runTool("tool", ["a"])).toEqual({ failure: "it ended with exit code 3" });
    onPath({ tool: 'process.kill(process.pid, "SIGKILL");' });
    expect(await runTool("tool", [])).toEqual({ failure: "SIGKILL ended it" });
  });

  test("that hangs is stopped", async () => {
    onPath({ tool: "setInterval(() => undefined, 1000);" });
    expect(await runTool("tool", [], { seconds: 1 })).toEqual({
      failure: "it did not end within 1 s",
    });
  });

  test("that prints without end is stopped", async () => {
    onPath({ tool: 'const more = () => process.stdout.write("x".repeat(1 << 20), more); more();' });
    expect(await runTool("tool", [])).toEqual({ failure: "it printed more than 256 MB" });
  });

  test("that cannot be started gives the reason", async () => {
    onPath({ tool: "" });
    chmodSync(`${process.env["PATH"] ?? ""}/tool`, 0o644);
    expect(await runTool("tool", [])).toEqual({ failure: "spawn tool EACCES" });
  });

  test("that cannot get an argument gives the reason", async () => {
    onPath({ tool: "" });
    const run = await runTool("tool", ["a\0b"]);
    expect(run).toEqual({ failure: expect.stringMatching(/without null bytes/) as string });
  });

  test("whose output a daemon keeps open does not count as finished", async () => {
    onPath({
      tool: `const { spawn } = require("node:child_process");
const daemon = spawn(process.execPath, ["-e", "setTimeout(() => 'daemon of a tool', 20_000)"], { stdio: "inherit", detached: true });
print("half");
daemon.once("spawn", () => process.exit());`,
    });
    expect(await runTool("tool", [])).toEqual({
      failure: "a process that it started kept its output open, so the end may be missing",
    });
  });

  test("ends with everything that it started", async () => {
    onPath({
      tool: `const { spawn } = require("node:child_process");
print(String(spawn(process.execPath, ["-e", "setInterval(() => 'endless grandchild', 1000)"], { stdio: "inherit" }).pid));
setTimeout(() => process.exit(), 100);`,
    });
    const run = await runTool("tool", [], { seconds: 30 });
    await vi.waitFor(() => {
      const pid = "text" in run ? run.text : "none";
      expect(pid).toMatch(/^\d+$/);
      expect(processesOf("endless grandchild")).not.toContain(pid);
    });
  });

  test.each([
    [
      "loading KV pairs: literal sources [hunter2 a]: invalid literal source hunter2 a, expected key=value",
      "loading KV pairs: invalid literal source, expected key=value",
    ],
    [
      "env source files: [e.env]: line [97 61 255] has invalid utf8 bytes : a=hunter2",
      "env source files: [e.env]: a line has invalid UTF-8",
    ],
    [
      "yaml: unknown anchor 'hunter2' referenced in File: a.yaml",
      "yaml: unknown anchor referenced in File: a.yaml",
    ],
    ["cannot unmarshal !!str `hunter2` into int", "cannot unmarshal !!str into int"],
    [
      "trouble configuring PatchTransformer with config: ` patch: hunter2 `: unable to parse SM or JSON patch from [patch: hunter2]",
      "trouble configuring PatchTransformer : unable to parse SM or JSON patch",
    ],
    [
      "at '/password': 'hunter2' does not match pattern '^x'",
      "at '/password': the value does not match pattern '^x'",
    ],
    ["cannot fetch https://me:hunter2@example.com/a", "cannot fetch https://example.com/a"],
    [
      "cannot fetch https://me:hunt@er2@example.com/a?m=b@c",
      "cannot fetch https://example.com/a?m=b@c",
    ],
    [
      "cannot fetch https://example.com/a?sv=1&sig=hunter2%3D&access_token=hunter2&ref=v1",
      "cannot fetch https://example.com/a?sv=1&sig=…&access_token=…&ref=v1",
    ],
  ])("that quotes contents of files, as in %j, does not reveal them", async (text, failure) => {
    onPath({ tool: `fail(${JSON.stringify(`Error: ${text}`)});` });
    expect(await runTool("tool", [])).toEqual({ failure });
  });
});
