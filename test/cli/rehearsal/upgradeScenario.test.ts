import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { rehearseUpgrade, upgradeScenario } from "../../../cli/rehearsal/upgradeScenario.ts";
import { UsageError } from "../../../offline/errors.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { loadStackFile } from "../../../offline/project/stackFile.ts";

const ROOT = join(__dirname, "../../..");
const project = loadProject(ROOT);
const directory = mkdtempSync(join(tmpdir(), "scenario-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const example = (name: string) => readFileSync(join(ROOT, `examples/${name}.yaml`), "utf8");

function scenarioOf(text: string, to?: string) {
  const configFile = join(directory, "Pulumi.prod.yaml");
  writeFileSync(configFile, text);
  return upgradeScenario(project, loadStackFile(project, { configFile }), to);
}

describe("the upgrade of a stack file", () => {
  test.each([
    ["upgrade-before", undefined, "asm-1-29", "asm-1-30"],
    ["upgrade-before", "asm-1-31", "asm-1-29", "asm-1-31"],
    ["upgrade-prepared", undefined, "asm-1-29", "asm-1-30"],
    ["upgrade-promoted", undefined, "asm-1-29", "asm-1-30"],
    ["upgrade-after", "asm-1-31", "asm-1-30", "asm-1-31"],
  ])("%s, to %s, leads from %s to %s", (name, wanted, from, to) => {
    const scenario = scenarioOf(example(name), wanted);
    expect(scenario).toMatchObject({ stack: "prod", from, to, hasMeshConfig: true });
    expect(scenario.course.map(({ settings }) => settings)).toEqual([
      { revision: from },
      { revision: from, upgrade: { to, phase: "prepared" } },
      { revision: from, upgrade: { to, phase: "canary" } },
      { revision: from, upgrade: { to, phase: "promoted" } },
      { revision: to },
    ]);
  });

  test.each(["before", "prepared", "canary", "promoted", "after"])(
    "writes the settings of examples/upgrade-%s.yaml, whatever was under way, and keeps the rest",
    (phase) => {
      const { course, withSettings } = scenarioOf(example("upgrade-canary"));
      const state = course.find(({ settings: { upgrade, revision } }) =>
        upgrade === undefined
          ? revision === (phase === "after" ? "asm-1-30" : "asm-1-29") &&
            ["before", "after"].includes(phase)
          : upgrade.phase === phase,
      );
      const text = withSettings(
        `encryptionsalt: v1:salt\n${example("upgrade-canary")}`,
        state?.settings ?? { revision: "asm-1-0" },
      );
      expect(parse(text)).toEqual({
        encryptionsalt: "v1:salt",
        ...(parse(example(`upgrade-${phase}`)) as object),
      });
    },
  );

  test("creates no ConfigMaps without a mesh configuration", () => {
    const text = example("upgrade-before").replace(/ {4}meshConfig:\n.*\n/, "");
    expect(scenarioOf(text).hasMeshConfig).toBe(false);
  });

  test.each<[string, (text: string) => string, string | undefined, string]>([
    [
      "if AKS manages the revisions",
      (text) =>
        text
          .replace("revision: asm-1-29", "management: external")
          .replace(/ {4}meshConfig:\n.*\n/, "")
          .replace("canary: true", "canary: false"),
      undefined,
      "aks-istio:mesh.management of stack prod is external",
    ],
    [
      "if no newer revision is known",
      (text) => text.replace("asm-1-29", "asm-1-30"),
      undefined,
      "lists no revision that can follow asm-1-30 on Kubernetes 1.35. Name one with --to.",
    ],
    [
      "to an older revision",
      (text) => text,
      "asm-1-28",
      "(prepared) cannot be used:\n  aks-istio:mesh.upgrade.to: asm-1-28 is older than asm-1-29",
    ],
    ["to the same revision", (text) => text, "asm-1-29", "aks-istio:mesh.upgrade.to: asm-1-29"],
    [
      "to what is not a revision",
      (text) => text,
      "latest",
      'aks-istio:mesh.upgrade.to: found "latest"',
    ],
    [
      "with invalid settings",
      (text) => text.replace("canary: true", "canary: 1"),
      undefined,
      "aks-istio:namespaces.web.canary",
    ],
  ])("is refused %s", (_, change, to, message) => {
    const scenario = () => scenarioOf(change(example("upgrade-before")), to);
    expect(scenario).toThrow(UsageError);
    expect(scenario).toThrow(message);
  });

  test("is refused for another program", () => {
    const other = loadProject(join(ROOT, "test/programs/plain-aks"));
    expect(() => upgradeScenario(other, loadStackFile(other, {}), undefined)).toThrow(
      "belongs to another program",
    );
  });
});

describe("a phase of which the CLI says that it succeeded", () => {
  const play = async (log: string | undefined) => {
    const home = mkdtempSync(join(directory, "home-"));
    const place = join(home, "project");
    mkdirSync(place);
    writeFileSync(join(place, "Pulumi.prod.yaml"), example("upgrade-before"));
    const failures: (string | undefined)[] = [];
    const run = (words: readonly string[]) => {
      if (log !== undefined) writeFileSync(words.at(-1) ?? "", log);
      return Promise.resolve({ code: 0, output: "" });
    };
    const phases = rehearseUpgrade(scenarioOf(example("upgrade-before")), {
      directory: place,
      run,
    });
    for await (const { failure } of phases) failures.push(failure);
    return failures;
  };

  test("is one if the event log has its end", async () => {
    const summary = JSON.stringify({ summaryEvent: { resourceChanges: {} } });
    expect(await play(`${summary}\n`)).toEqual(Array(5).fill(undefined));
  });

  test.each([
    ["is missing", undefined],
    ["is cut off", '{"preludeEvent":{}}\n{"summaryEvent":{"resour'],
  ])("fails, and is the last, if the event log %s", async (_, log) => {
    expect(await play(log)).toEqual([
      "pulumi up succeeded, but its event log has no end, so its changes are unknown. Use Pulumi CLI 3.244 or later.",
    ]);
  });
});
