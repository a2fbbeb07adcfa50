import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { javascript, pack, parentOf, processesOf, scratch } from "../support/host.ts";

const write = scratch();

// A program that never ends, as one that waits for something.
const ENDLESS = "setInterval(() => undefined, 1_000);";
const PATIENCE = 60_000;

test.concurrent.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("after %s nothing is left, and the exit code is %d", async (signal, code) => {
  const name = `endless-${signal}`;
  const directory = write(name, javascript(name, ENDLESS));
  const command = spawn(
    process.execPath,
    ["bin/aks-istio.js", "preview", directory, "--policy-pack", pack("advisory-pack")],
    { stdio: "ignore" },
  );
  const ended = once(command, "exit");

  // The command itself, the program, and the pack, which knows nothing of the program.
  const childrenOf = () =>
    processesOf("run-policy-pack").filter((pid) => parentOf(pid) === command.pid);
  await vi.waitFor(() => {
    expect(processesOf(directory)).toHaveLength(2);
    expect(childrenOf()).toHaveLength(1);
  }, PATIENCE);
  const [packProcess = ""] = childrenOf();

  command.kill(signal);
  expect(await ended).toEqual([code, null]);
  await vi.waitFor(() => {
    expect(processesOf(directory)).toEqual([]);
    expect(processesOf("run-policy-pack")).not.toContain(packProcess);
  }, PATIENCE);
});
