import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { DAY, ROOT } from "./harness/stack.ts";
import { userCli } from "./harness/userCli.ts";

interface Change {
  readonly operation: string;
  readonly name: string;
  readonly properties: readonly string[];
}

interface Rehearsed {
  readonly passed: boolean;
  readonly phases: readonly {
    readonly name: string;
    readonly changes: readonly Change[];
    readonly failure?: string;
  }[];
}

const FILE = "examples/upgrade-before.yaml";

const scenario = (...more: readonly string[]) =>
  aksIstio(
    ["rehearse", "--config-file", FILE, "--day", DAY, "--scenario", "upgrade", "--json", ...more],
    userCli(),
  );

describe.concurrent("aks-istio rehearse --scenario upgrade", () => {
  test("runs a whole upgrade, and reports the changes of each phase", async ({ expect }) => {
    const before = readFileSync(join(ROOT, FILE), "utf8");
    const { code, stdout, stderr } = await scenario();
    expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    const { passed, phases } = JSON.parse(stdout) as Rehearsed;
    expect(passed).toBe(true);
    expect(phases.map(({ name }) => name)).toEqual([
      ...["before", "prepared", "canary", "promoted", "after"],
    ]);
    const [canary] = phases.filter(({ name }) => name === "canary");
    expect(
      canary?.changes.map(({ operation, name, properties }) => [operation, name, ...properties]),
    ).toEqual(
      expect.arrayContaining([
        ["update", "mesh", "serviceMeshProfile.istio.revisions[1]"],
        ["update", "web", 'metadata.labels["istio.io/rev"]'],
      ]),
    );
    expect(readFileSync(join(ROOT, FILE), "utf8")).toBe(before);
  });

  test("stops at the first phase that fails, and reports the error of Azure", async ({
    expect,
  }) => {
    const { code, stdout, stderr } = await scenario(
      "--fail",
      "update:ManagedCluster:always:NO WAY",
    );
    expect(code).toBe(1);
    const { passed, phases } = JSON.parse(stdout) as Rehearsed;
    expect(passed).toBe(false);
    expect(phases.map(({ name, failure = "" }) => [name, failure.includes("NO WAY")])).toEqual([
      ["before", false],
      ["prepared", false],
      ["canary", true],
    ]);
    expect(stderr).toContain("canary: NOT as expected");
  });
});
