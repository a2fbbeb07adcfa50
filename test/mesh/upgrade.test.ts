import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRevisions } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { planMesh, upgradeCourse } from "../../mesh/upgrade.ts";
import type { MeshPlan, MeshSettings, MeshState, UpgradePhase } from "../../mesh/upgrade.ts";
import { anyNamespaces, anyRevision } from "./arbitraries.ts";

const old = "asm-1-29";
const to = "asm-1-30";
const namespaces = { web: { canary: true }, api: { canary: false } };
const during = (phase: UpgradePhase): MeshState => ({
  settings: { revision: old, upgrade: { to, phase } },
  namespaces,
});

describe("the meaning of a phase", () => {
  type Row = [phase: string, settings: MeshSettings, ...lists: MeshRevision[][]];
  test.each<Row>([
    ["none", { revision: old }, [old], [old], [old, old]],
    ["prepared", during("prepared").settings, [old], [old, to], [old, old]],
    ["canary", during("canary").settings, [old, to], [old, to], [old, to]],
    ["promoted", during("promoted").settings, [old, to], [old, to], [to, to]],
    ["none", { revision: to }, [to], [to], [to, to]],
  ])("%s of %j", (phase, settings, revisions, configMaps, [api, web] = []) => {
    const plan = planMesh({ settings, namespaces });
    expect(plan).toMatchObject({ phase, revisions, configMaps, defaultLabel: api });
    expect(plan.labels).toEqual({ api, web });
  });

  test("revisions are ordered by age, not as text", () => {
    const settings: MeshSettings = {
      revision: "asm-1-9",
      upgrade: { to: "asm-1-10", phase: "canary" },
    };
    expect(planMesh({ settings, namespaces: {} }).revisions).toEqual(["asm-1-9", "asm-1-10"]);
  });

  test("a mesh without namespaces has no labels", () => {
    expect(planMesh({ ...during("promoted"), namespaces: {} }).labels).toEqual({});
  });
});

describe("the steps from a phase", () => {
  test("without an upgrade there are none", () => {
    expect(planMesh({ settings: { revision: old }, namespaces })).toMatchObject({
      next: undefined,
      back: undefined,
    });
  });

  test("prepared", () => {
    const { next, back } = planMesh(during("prepared"));
    expect(next).toEqual({
      does: "set upgrade.phase to canary; AKS then runs asm-1-30 alongside asm-1-29",
      leadsTo: during("canary"),
      first: [],
    });
    expect(back).toEqual({
      does: "remove upgrade; this deletes everything that belongs to asm-1-30",
      leadsTo: { settings: { revision: old }, namespaces },
      first: [],
    });
  });

  test("canary, with a namespace that chose it", () => {
    const { next, back } = planMesh(during("canary"));
    expect(next).toEqual({
      does: "set upgrade.phase to promoted; every namespace then follows asm-1-30",
      leadsTo: during("promoted"),
      first: ["the workloads in web have been restarted and are healthy on asm-1-30"],
    });
    expect(back).toEqual({
      does: "unset canary on web to follow asm-1-29 again",
      leadsTo: {
        settings: during("canary").settings,
        namespaces: { web: { canary: false }, api: { canary: false } },
      },
      first: [],
    });
  });

  test("canary, with no namespace that chose it", () => {
    const alone = { ...during("canary"), namespaces: { api: { canary: false } } };
    const { next, back } = planMesh(alone);
    expect(next?.first).toEqual([
      "no namespace follows the canary: set canary on one and watch its workloads on asm-1-30",
    ]);
    expect(back).toEqual({
      does: "set upgrade.phase to prepared; AKS then stops asm-1-30",
      leadsTo: { ...alone, settings: during("prepared").settings },
      first: ["no pod runs a proxy of asm-1-30: restart those that do"],
    });
  });

  test("promoted", () => {
    const { next, back } = planMesh(during("promoted"));
    expect(next).toEqual({
      does: "set revision to asm-1-30 and remove upgrade; AKS then stops asm-1-29",
      leadsTo: { settings: { revision: to }, namespaces },
      first: ["no pod runs a proxy of asm-1-29: restart those that do"],
    });
    expect(back).toEqual({
      does: "set upgrade.phase to canary; namespaces without canary then follow asm-1-29 again",
      leadsTo: during("canary"),
      first: [],
    });
  });
});

describe("over any settings", () => {
  const phases: UpgradePhase[] = ["prepared", "canary", "promoted"];
  const anySettings: fc.Arbitrary<MeshSettings> = fc
    .tuple(anyRevision, anyRevision, fc.constantFrom(undefined, ...phases))
    .filter(([revision, newer]) => compareRevisions(revision, newer) < 0)
    .map(([revision, newer, phase]) =>
      phase === undefined ? { revision } : { revision, upgrade: { to: newer, phase } },
    );
  const anyState: fc.Arbitrary<MeshState> = fc.record({
    settings: anySettings,
    namespaces: anyNamespaces,
  });

  test("ARM runs one or two revisions, oldest first, each with its ConfigMap", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { revisions, configMaps } = planMesh(state);
        expect([1, 2]).toContain(revisions.length);
        expect([...new Set(revisions)].sort(compareRevisions)).toEqual(revisions);
        expect([...new Set(configMaps)].sort(compareRevisions)).toEqual(configMaps);
        for (const revision of revisions) expect(configMaps).toContain(revision);
      }),
    );
  });

  test("a label never names a revision that ARM does not run", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { revisions, labels } = planMesh(state);
        expect(Object.keys(labels)).toEqual(Object.keys(state.namespaces).sort());
        for (const label of Object.values(labels)) expect(revisions).toContain(label);
      }),
    );
  });

  test("the plan does not depend on the order of keys", () => {
    const inAnyOrder = (plan: MeshPlan): string => JSON.stringify({ ...plan, next: 0, back: 0 });
    fc.assert(
      fc.property(anyState, ({ settings: { revision, upgrade }, namespaces: joined }) => {
        const turned: MeshState = {
          namespaces: Object.fromEntries(Object.entries(joined).reverse()),
          settings:
            upgrade === undefined
              ? { revision }
              : { upgrade: { phase: upgrade.phase, to: upgrade.to }, revision },
        };
        const straight = planMesh({
          settings: upgrade === undefined ? { revision } : { revision, upgrade },
          namespaces: joined,
        });
        expect(inAnyOrder(planMesh(turned))).toBe(inAnyOrder(straight));
        expect(planMesh(turned)).toEqual(straight);
      }),
    );
  });

  test("every phase can continue to the new revision, and go back to the old one", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { revision, upgrade } = state.settings;
        expect(course(state, "next").at(-1)?.settings).toEqual({
          revision: upgrade?.to ?? revision,
        });
        expect(course(state, "back").at(-1)?.settings).toEqual({ revision });
      }),
    );
  });

  /** The states that the steps in one direction lead through. */
  function course(state: MeshState, direction: "next" | "back"): MeshState[] {
    const step = planMesh(state)[direction];
    return step === undefined ? [state] : [state, ...course(step.leadsTo, direction)];
  }
});

describe("a whole upgrade", () => {
  test.each([[namespaces], [{}], [{ web: { canary: false } }]])(
    "of %j has every phase, a deployment each",
    (some) => {
      expect(upgradeCourse(old, to, some)).toEqual(
        [
          { revision: old },
          { revision: old, upgrade: { to, phase: "prepared" } },
          { revision: old, upgrade: { to, phase: "canary" } },
          { revision: old, upgrade: { to, phase: "promoted" } },
          { revision: to },
        ].map((settings) => ({ settings, namespaces: some })),
      );
    },
  );
});
