import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parentOf, processesOf } from "../support/command.ts";
import { toolsOnPath } from "../support/fakeTools.ts";
import { javascript, pack, scratch } from "../support/programs.ts";

const write = scratch();
const onPath = toolsOnPath();

const PATIENCE = 60_000;

describe.each([
  ["a program that waits", "setInterval(() => undefined, 1_000);"],
  // It ignores signals.
  ["a program in an endless loop", "for (;;);"],
])("%s ends, and so does its pack, after", (_, source) => {
  test.each([
    ["SIGHUP", [129, null]],
    ["SIGINT", [130, null]],
    ["SIGQUIT", [131, null]],
    ["SIGTERM", [143, null]],
    ["SIGKILL", [null, "SIGKILL"]],
    ["SIGSEGV", [null, "SIGSEGV"]],
  ] as const)("%s", async (signal, outcome) => {
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
    expect(await ended).toEqual(outcome);
    await vi.waitFor(() => {
      const left = processesOf("@pulumi/pulumi/cmd/run");
      expect(children.filter((pid) => left.includes(pid))).toEqual([]);
    }, 60_000);
  });
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a command that reads an endless file",
  async (signal) => {
    const pipe = join(write("pipe", {}), signal);
    execFileSync("mkfifo", [pipe]);
    // Opened for writing too, so its reader blocks.
    const stdin = openSync(pipe, "r+");
    const args = ["bin/aks-istio.js", "preview", "--config-file", "/dev/stdin"];
    const command = spawn(process.execPath, args, { stdio: [stdin, "ignore", "ignore"] });
    const ended = once(command, "exit");
    await vi.waitFor(() => {
      const folder = `/proc/${command.pid}/fd`;
      const open = readdirSync(folder).filter((fd) => readlinkSync(join(folder, fd)) === pipe);
      expect(open).toHaveLength(2);
    }, PATIENCE);
    command.kill(signal);
    expect(await ended).toEqual([null, signal]);
    closeSync(stdin);
  },
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the tools of a check, and leaves no temporary files", async (signal, code) => {
  onPath({ kustomize: "setInterval(() => undefined, 1000);" });
  const directory = write("tools", {
    "tmp/keep.txt": "",
    "fleet/.git/HEAD": "",
    "fleet/apps/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n",
    "fleet/shop.yaml": `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: shop, namespace: flux-system }
spec: { path: apps, targetNamespace: shop, sourceRef: { kind: GitRepository, name: flux-system } }
`,
  });
  const temporary = join(directory, "tmp");
  const command = spawn(process.execPath, ["bin/aks-istio.js", "check", join(directory, "fleet")], {
    stdio: "ignore",
    env: { ...process.env, TMPDIR: temporary },
  });
  const ended = once(command, "exit");
  const tools = () => processesOf(`LoadRestrictionsNone\0${temporary}`);
  await vi.waitFor(() => {
    expect(tools()).toHaveLength(1);
  }, PATIENCE);
  expect(readdirSync(temporary)).toHaveLength(2);
  command.kill(signal);
  expect(await ended).toEqual([code, null]);
  await vi.waitFor(() => {
    expect(tools()).toEqual([]);
  }, PATIENCE);
  expect(readdirSync(temporary)).toEqual(["keep.txt"]);
});
