import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { editedStackFile } from "../../../cli/stack/meshEdit.ts";
import type { MeshState, UpgradePhase } from "../../../mesh/upgrade.ts";
import { planMesh, upgradeCourse } from "../../../mesh/upgrade.ts";
import { UsageError } from "../../../offline/errors.ts";

interface StackFile {
  readonly config: {
    readonly "aks-istio:mesh": MeshState["settings"] & { readonly management?: string };
    readonly "aks-istio:namespaces": Readonly<Record<string, { readonly canary?: boolean }>>;
  };
}

function edit(text: string, before: MeshState, after: MeshState): string {
  return editedStackFile({ text, file: "Pulumi.prod.yaml", project: "aks-istio", before, after });
}

/** The state that a stack file has. */
function stateIn(text: string): MeshState {
  const { config } = parse(text) as StackFile;
  const { revision, upgrade } = config["aks-istio:mesh"];
  const namespaces = Object.entries(config["aks-istio:namespaces"]);
  return {
    settings: { revision, ...(upgrade === undefined ? {} : { upgrade }) },
    namespaces: Object.fromEntries(
      namespaces.map(([name, { canary = false }]) => [name, { canary }]),
    ),
  };
}

function back(state: MeshState): MeshState {
  const step = planMesh(state).back;
  if (step === undefined) throw new Error("there is no step back");
  return step.leadsTo;
}

const EXAMPLES = readdirSync("examples")
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => [name, readFileSync(`examples/${name}`, "utf8")] as const)
  .filter(([, text]) => !text.includes("management: external"));

describe.each(EXAMPLES)("%s", (_, text) => {
  const start = stateIn(text);
  const { revision, upgrade } = start.settings;
  const to = upgrade?.to ?? "asm-1-99";
  const course = upgradeCourse(revision, to, start.namespaces);
  const from = course.findIndex(
    ({ settings }) => settings.upgrade?.phase === upgrade?.phase && settings.revision === revision,
  );

  test("takes every step, and changes nothing but the mesh", () => {
    let edited = text;
    let before = start;
    for (const after of course.slice(from + 1)) {
      edited = edit(edited, before, after);
      before = after;
      expect(stateIn(edited)).toEqual(after);
      const others = (file: string) =>
        file.split("\n").filter((line) => !/asm-1-|upgrade:|phase:/.test(line));
      expect(others(edited)).toEqual(others(text));
    }
  });

  test("is the same, byte for byte, after a step and a step back", () => {
    for (const phase of ["prepared", "canary", "promoted"] as const) {
      const at = (entered: UpgradePhase): MeshState => ({
        settings: { revision, upgrade: { to, phase: entered } },
        namespaces: start.namespaces,
      });
      const before = edit(text, start, at(phase));
      const isFollowed = Object.values(start.namespaces).some(({ canary }) => canary);
      // A step back from a followed canary only unsets canary.
      if (phase === "canary" && isFollowed) continue;
      const after = edit(before, at(phase), back(at(phase)));
      expect(edit(after, back(at(phase)), at(phase))).toBe(before);
      if (phase === "prepared" && upgrade === undefined) expect(after).toBe(text);
    }
  });
});

test("unsets canary, and keeps the namespace and its comments", () => {
  const text = readFileSync("examples/upgrade-canary.yaml", "utf8");
  const before = stateIn(text);
  expect(edit(text, before, back(before))).toBe(
    text.replace("    web:\n      canary: true\n", "    web: {}\n"),
  );
});

const was: MeshState = {
  settings: { revision: "asm-1-29" },
  namespaces: { web: { canary: false } },
};
const will: MeshState = {
  ...was,
  settings: { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase: "prepared" } },
};

test.each([
  [
    "settings as JSON text",
    'config:\n  aks-istio:mesh: \'{"revision":"asm-1-29"}\'\n',
    "config.aks-istio:mesh is not written as a map",
  ],
  ["settings of an environment", "environment:\n  - prod\n", "config is not in the file itself"],
  [
    "a map that an anchor shares",
    "x: &m\n  revision: asm-1-29\nconfig:\n  aks-istio:mesh: *m\n",
    "config.aks-istio:mesh is not written as a map",
  ],
  [
    "a map that it shares with others",
    "config:\n  aks-istio:mesh: &m\n    revision: asm-1-29\n  other: *m\n",
    "a setting is shared by an anchor",
  ],
])("does not edit %s, and says what to edit", (_, text, why) => {
  expect(() => edit(text, was, will)).toThrow(
    new UsageError(
      `Pulumi.prod.yaml cannot be edited: ${why}. Edit it by hand:\n  set aks-istio:mesh.upgrade to { to: asm-1-30, phase: prepared }`,
    ),
  );
});

test("names every edit to make by hand", () => {
  const promoted: MeshState = {
    ...was,
    settings: { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase: "promoted" } },
  };
  expect(() => edit("{}\n", promoted, { ...was, settings: { revision: "asm-1-30" } })).toThrow(
    new UsageError(
      "Pulumi.prod.yaml cannot be edited: config is not in the file itself. Edit it by hand:\n  set aks-istio:mesh.revision to asm-1-30\n  remove aks-istio:mesh.upgrade",
    ),
  );
});
