import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { aksIstio } from "../support/command.ts";

/** A PATH without the Pulumi CLI. */
const nowhere = mkdtempSync(join(tmpdir(), "no-pulumi-"));
afterAll(() => {
  rmSync(nowhere, { recursive: true });
});

test.each([
  [["--fail", "make:it"], "is not a valid fault"],
  [["--day", "tomorrow"], "Write a date such as 2026-08-24."],
  [["--latency", "slow"], "Write a whole number of milliseconds"],
  [[".", "pulumi", "up"], "write -- before a command to run"],
  [["--scenario", "downgrade"], "Allowed choices are upgrade."],
  [["--scenario", "upgrade", "--", "pulumi", "up"], "Omit the command after --."],
])("rehearse %j is wrong usage", async (args, message) => {
  const { code, stderr } = await aksIstio(["rehearse", ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("requires the Pulumi CLI, and says so if it is missing", async () => {
  const { code, stderr } = await aksIstio(["rehearse"], { PATH: nowhere });
  expect([code, stderr]).toEqual([2, expect.stringContaining("download-install")]);
});

test("rehearse names every option that has no effect", async () => {
  const { code, stderr } = await aksIstio(["rehearse", "--to", "asm-1-30", "--json", "--yes"]);
  expect([code, stderr]).toEqual([
    2,
    "--to requires --scenario upgrade.\n--json requires --scenario upgrade.\n--yes requires --kubeconfig.\n",
  ]);
});

test("an upgrade is not rehearsed without the Pulumi CLI", async () => {
  const { code, stderr } = await aksIstio(
    ["rehearse", "--config-file", "examples/upgrade-before.yaml", "--scenario", "upgrade"],
    { PATH: nowhere },
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining("download-install")]);
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s ends the command, and leaves nothing",
  async (signal) => {
    const home = mkdtempSync(join(nowhere, "signal-"));
    const [temporary, started] = [join(home, "tmp"), join(home, "started")];
    mkdirSync(temporary);
    // `up` waits for its end, as a deployment does.
    const script = `#!/bin/sh\n[ "$1" = up ] || exit 0\necho $$ > ${started}\nexec sleep 60\n`;
    writeFileSync(join(home, "pulumi"), script, { mode: 0o700 });
    const env = { ...process.env, TMPDIR: temporary, PATH: `${home}:/usr/bin:/bin` };
    const args = ["bin/aks-istio.js", "rehearse", "--config-file", "examples/minimal.yaml"];
    const command = spawn(process.execPath, args, { env, stdio: "ignore" });
    const ended = once(command, "exit");
    const pid = await vi.waitFor(() => Number(readFileSync(started, "utf8")), 30_000);
    expect(readdirSync(temporary)).toHaveLength(1);
    command.kill(signal);
    expect(await ended).toEqual([1, null]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  },
);

describe("a rehearsal on a cluster of the user's", () => {
  const kubeconfig = (server: string, context = "kind") => {
    const file = join(nowhere, "kubeconfig");
    writeFileSync(
      file,
      JSON.stringify({
        "current-context": context,
        contexts: [{ name: "kind", context: { cluster: "kind", user: "admin" } }],
        clusters: [{ name: "kind", cluster: { server } }],
        users: [{ name: "admin", user: { token: "of the administrator" } }],
      }),
    );
    return file;
  };
  const rehearse = (file: string, ...more: readonly string[]) =>
    aksIstio(["rehearse", "--kubeconfig", file, ...more], { PATH: nowhere });

  test.each([
    ["a file that does not exist", () => join(nowhere, "absent"), "absent"],
    ["a context that does not exist", () => kubeconfig("https://127.0.0.1:1", "kin"), '"kin"'],
    [
      "an AKS cluster",
      () => kubeconfig("https://shop-1a2b.hcp.westeurope.azmk8s.io:443"),
      "the current context kind is an AKS cluster (shop-1a2b.hcp.westeurope.azmk8s.io)",
    ],
  ])("refuses %s", async (_, file, message) => {
    const { code, stderr } = await rehearse(file(), "--yes");
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain("administrator");
    expect(stderr).not.toContain("download-install");
  });

  test("names the cluster, and stops without consent", async () => {
    const { code, stderr } = await rehearse(kubeconfig("https://kind.example.com"));
    expect(code).toBe(2);
    expect(stderr).toContain(
      "The real provider deploys Kubernetes objects to https://kind.example.com (context kind).",
    );
    expect(stderr).toContain(
      "https://kind.example.com (context kind) is not on this machine. Pass --yes to deploy to it.",
    );
    expect(stderr).not.toContain("download-install");
  });

  test.each([
    ["with --yes", "https://kind.example.com", ["--yes"]],
    ["without confirmation on this machine", "https://127.0.0.1:6443", []],
  ])("continues %s", async (_, server, more) => {
    const { code, stderr } = await rehearse(kubeconfig(server), ...more);
    expect([code, stderr]).toEqual([2, expect.stringContaining("download-install")]);
  });
});
