import { catalog } from "../../mesh/catalog.ts";
import { FIXED } from "../../mesh/clusterChange.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshSettings, MeshState, UpgradePhase, UpgradeStep } from "../../mesh/upgrade.ts";
import { judgeChange } from "../../mesh/upgradeChange.ts";
import { problemsOf, withKey } from "../support/settings.ts";
import { table } from "./printed.ts";

const OLD = "asm-1-29";
const NEW = "asm-1-30";
const CANARY = { web: { canary: true }, api: { canary: false } };

const during = (phase: UpgradePhase): MeshSettings => ({
  revision: OLD,
  upgrade: { to: NEW, phase },
});

/** The settings in the order of an upgrade, by the name that the document uses. */
const COURSE: Readonly<Record<string, MeshSettings>> = {
  "no `upgrade`": { revision: OLD },
  "`prepared`": during("prepared"),
  "`canary`": during("canary"),
  "`promoted`": during("promoted"),
  "no `upgrade`, `revision` is the new one": { revision: NEW },
};

/** The parts of docs/upgrading.md that are printed from the code, by name. */
export function upgradeTables(): Readonly<Record<string, string>> {
  return {
    phases: phases(),
    "steps from prepared": steps({ settings: during("prepared"), namespaces: CANARY }),
    "steps from canary": steps({ settings: during("canary"), namespaces: CANARY }),
    "steps from an unfollowed canary": steps({
      settings: during("canary"),
      namespaces: { api: { canary: false } },
    }),
    "steps from promoted": steps({ settings: during("promoted"), namespaces: CANARY }),
    "refused settings": refusedSettings(),
    "refused changes": refusedChanges(),
    "what a cluster keeps": whatAClusterKeeps(),
  };
}

function phases(): string {
  const rows = Object.entries(COURSE).map(([name, settings]) => {
    const plan = planMesh({ settings, namespaces: CANARY });
    const { web, api } = plan.labels;
    if (api !== plan.defaultLabel) throw new Error("The column of the others holds two things.");
    const lists = [plan.revisions, plan.configMaps, [web], [api]];
    return [name, ...lists.map((list) => list.map(oldOrNew).join(", "))];
  });
  return table(
    [
      "`mesh`",
      "AKS runs",
      "ConfigMaps",
      "namespaces with `canary: true`",
      "other namespaces, Flux",
    ],
    rows,
  );
}

function steps(state: MeshState): string {
  const { next, back } = planMesh(state);
  return `${step("To continue", next)}\n${step("To roll back", back)}`;
}

function step(direction: string, taken: UpgradeStep | undefined): string {
  if (taken === undefined) throw new Error(`There is no way ${direction}.`);
  const first = taken.first.map((condition) => `\n  - First: ${inWords(condition)}.`).join("");
  return `- ${direction}, ${inWords(taken.does)}.${first}`;
}

function refusedSettings(): string {
  const upgrade = (to: string) => ({ revision: OLD, upgrade: { to, phase: "prepared" } });
  const settings: readonly (readonly [key: string, change: object])[] = [
    ["mesh", upgrade("asm-1-28")],
    ["mesh", { revision: "asm-1-27", upgrade: { to: NEW, phase: "prepared" } }],
    ["mesh", { revision: OLD, upgrade: { to: NEW, phase: "started" } }],
    ["mesh", { management: "external", revision: OLD }],
    ["namespaces", { batch: { mesh: false, canary: true } }],
  ];
  const rows = settings.map(([key, change]) => {
    const lines = problemsOf(withKey(key, change));
    if (lines.length === 0) throw new Error(`${JSON.stringify(change)} is not refused.`);
    return [`\`${key}: ${flow(change)}\``, lines.join("<br>")];
  });
  return table(["settings", "what a preview says"], rows);
}

function refusedChanges(): string {
  const entries = Object.entries(COURSE);
  const circumstances = { day: catalog.asOf };
  // After the last phase, the next upgrade starts with the first.
  const rows = entries.slice(0, -1).flatMap(([from, before]) =>
    entries.flatMap(([to, after]) => {
      const [problem] = judgeChange(
        { settings: before, namespaces: CANARY },
        { settings: after, namespaces: CANARY },
        circumstances,
      );
      return problem === undefined ? [] : [[from, to, inWords(problem.message)]];
    }),
  );
  return table(["from", "to", "why not"], rows);
}

function whatAClusterKeeps(): string {
  return table(
    ["setting", "why"],
    FIXED.map(({ path, why, see }) => [`\`${path}\``, `This change ${why} ([source](${see}))`]),
  );
}

function oldOrNew(revision: string | undefined): string {
  if (revision === OLD) return "old";
  if (revision === NEW) return "new";
  throw new Error(`${String(revision)} is neither.`);
}

/** Readers upgrade between other revisions than these. */
function inWords(sentence: string): string {
  return sentence.replaceAll(OLD, "the old revision").replaceAll(NEW, "the new revision");
}

/** As one line of YAML. */
function flow(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{ ${entries.join(", ")} }`;
}
