import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { parentOf, processesOf } from "../support/command.ts";
import { javascript, pack, scratch } from "../support/programs.ts";

const write = scratch();

const PATIENCE = 60_000;

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("after %s neither the program nor its pack is left", async (signal, code) => {
  // A program that never ends, as one that waits for something.
  const source = "setInterval(() => undefined, 1_000);";
  const command = spawn(
    process.execPath,
    [
      ...["bin/aks-istio.js", "preview", write("endless", javascript("endless", source))],
      ...["--policy-pack", pack("advisory-pack")],
    ],
    { stdio: "ignore" },
  );
  const ended = once(command, "exit");
  const childrenOf = (text: string) =>
    processesOf(`@pulumi/pulumi/cmd/${text}`).filter((pid) => parentOf(pid) === command.pid);
  const children = await vi.waitFor(() => {
    const [started = "", ...others] = childrenOf("run/");
    const [packStarted = "", ...otherPacks] = childrenOf("run-policy-pack/");
    expect([started, packStarted]).not.toContain("");
    expect([...others, ...otherPacks]).toEqual([]);
    return [started, packStarted];
  }, PATIENCE);

  command.kill(signal);
  expect(await ended).toEqual([code, null]);
  await vi.waitFor(() => {
    const left = processesOf("@pulumi/pulumi/cmd/run");
    expect(children.filter((pid) => left.includes(pid))).toEqual([]);
  }, PATIENCE);
});
