import { describe, expect, test } from "vitest";
import { runTool } from "../../../manifests/tools/runTool.ts";
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

  test("that fails without a word gives the command", async () => {
    onPath({ tool: "process.exitCode = 3;" });
    expect(await runTool("tool", ["a"])).toEqual({ failure: "Command failed: tool a" });
  });

  test("that hangs is stopped", async () => {
    onPath({ tool: "setInterval(() => undefined, 1000);" });
    expect(await runTool("tool", [], { seconds: 1 })).toEqual({
      failure: "it did not end within 1 s",
    });
  });
});
