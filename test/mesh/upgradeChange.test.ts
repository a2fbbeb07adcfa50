import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeshRevision } from "../../mesh/revision.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshSettings, MeshState, UpgradePhase } from "../../mesh/upgrade.ts";
import { judgeChange } from "../../mesh/upgradeChange.ts";
import { anyNamespaces } from "./arbitraries.ts";

const circumstances = { day: "2026-07-15" };
const old = "asm-1-29";
const to = "asm-1-30";
const chosen = { web: { canary: true }, api: { canary: false } };
const unchosen = { web: { canary: false }, api: { canary: false } };

const none = (revision: MeshRevision = old): MeshSettings => ({ revision });
const at = (phase: UpgradePhase, target: MeshRevision = to): MeshSettings => ({
  revision: old,
  upgrade: { to: target, phase },
});
const judge = (before: MeshSettings, after: MeshSettings, was = chosen, will = was) =>
  judgeChange(
    { settings: before, namespaces: was },
    { settings: after, namespaces: will },
    circumstances,
  );

describe("a legal step", () => {
  test.each<[string, MeshSettings, MeshSettings]>([
    ["nothing", none(), none()],
    ["prepare", none(), at("prepared")],
    ["start", at("prepared"), at("canary")],
    ["promote", at("canary"), at("promoted")],
    ["finish", at("promoted"), none(to)],
    ["back from prepared", at("prepared"), none()],
    ["back from promoted", at("promoted"), at("canary")],
    ["stay", at("canary"), at("canary")],
  ])("%s", (_, before, after) => {
    expect(judge(before, after)).toEqual([]);
  });

  test("back from the canary once no namespace follows it", () => {
    expect(judge(at("canary"), at("canary"), chosen, unchosen)).toEqual([]);
    expect(judge(at("canary"), at("prepared"), unchosen)).toEqual([]);
  });

  test("another target while the first does not run yet", () => {
    expect(
      judge(
        { revision: "asm-1-28", upgrade: { to: "asm-1-29", phase: "prepared" } },
        {
          revision: "asm-1-28",
          upgrade: { to: "asm-1-30", phase: "prepared" },
        },
      ),
    ).toEqual([]);
  });
});

describe("the error for an illegal step names the legal one", () => {
  const goOn = {
    prepared:
      "To continue, set upgrade.phase to canary; AKS then runs asm-1-30 alongside asm-1-29.",
    canary: "To continue, set upgrade.phase to promoted; every namespace then follows asm-1-30.",
    promoted: "To continue, set revision to asm-1-30 and remove upgrade; AKS then stops asm-1-29.",
  };
  const goBack = {
    canary: "To roll back, unset canary on web to follow asm-1-29 again.",
    promoted:
      "To roll back, set upgrade.phase to canary; namespaces without canary then follow asm-1-29 again.",
  };

  test.each<[string, MeshSettings, MeshSettings, string, string]>([
    [
      "straight to another revision",
      none(),
      none(to),
      "revision",
      "This change replaces asm-1-29 with asm-1-30 under running workloads. Leave revision at asm-1-29, and set upgrade to { to: asm-1-30, phase: prepared }.",
    ],
    [
      "downgrade",
      none(),
      none("asm-1-28"),
      "revision",
      "This change goes back from asm-1-29 to asm-1-28, but AKS does not downgrade a mesh. Leave revision at asm-1-29.",
    ],
    [
      "back after finishing",
      none(to),
      at("promoted"),
      "revision",
      "This change goes back from asm-1-30 to asm-1-29, but AKS does not downgrade a mesh. Leave revision at asm-1-30.",
    ],
    [
      "canary without prepared",
      none(),
      at("canary"),
      "upgrade.phase",
      "This change starts asm-1-30 unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.",
    ],
    [
      "promoted without prepared",
      none(),
      at("promoted"),
      "upgrade.phase",
      "This change starts asm-1-30 unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.",
    ],
    [
      "promoted without canary",
      at("prepared"),
      at("promoted"),
      "upgrade.phase",
      `This change skips the canary. ${goOn.prepared}`,
    ],
    [
      "finish from prepared",
      at("prepared"),
      none(to),
      "revision",
      `This change stops asm-1-29, which is still used by api, web, before asm-1-30 is promoted. ${goOn.prepared}`,
    ],
    [
      "finish from canary",
      at("canary"),
      none(to),
      "revision",
      `This change stops asm-1-29, which is still used by api, before asm-1-30 is promoted. ${goOn.canary}`,
    ],
    [
      "back from a canary that a namespace follows",
      at("canary"),
      at("prepared"),
      "upgrade.phase",
      `This change stops asm-1-30, which is still used by web. ${goBack.canary}`,
    ],
    [
      "all the way back from the canary",
      at("canary"),
      none(),
      "upgrade.phase",
      `This change stops asm-1-30, which is still used by web, in one step. ${goBack.canary}`,
    ],
    [
      "all the way back from promoted",
      at("promoted"),
      none(),
      "upgrade.phase",
      `This change stops asm-1-30, which is still used by api, web, in one step. ${goBack.promoted}`,
    ],
    [
      "back from promoted past the canary",
      at("promoted"),
      at("prepared"),
      "upgrade.phase",
      `This change stops asm-1-30, which is still used by api, web, in one step. ${goBack.promoted}`,
    ],
    [
      "a third revision as target",
      at("canary"),
      at("canary", "asm-1-31"),
      "upgrade.to",
      `This change makes asm-1-31 a third revision, next to asm-1-29 and asm-1-30. ${goOn.canary} ${goBack.canary}`,
    ],
    [
      "a third revision as revision",
      at("promoted"),
      none("asm-1-31"),
      "revision",
      `This change makes asm-1-31 a third revision, next to asm-1-29 and asm-1-30. ${goOn.promoted} ${goBack.promoted}`,
    ],
    [
      "a target other than the prepared one",
      at("prepared"),
      at("canary", "asm-1-31"),
      "upgrade.to",
      "This change starts asm-1-31 unprepared: its shared ConfigMap must exist first. Keep upgrade.phase at prepared for this deployment.",
    ],
    [
      "finish and start again at once",
      at("promoted"),
      { revision: to, upgrade: { to: "asm-1-31", phase: "prepared" } },
      "revision",
      `This change finishes one upgrade and starts another in the same deployment. ${goOn.promoted}`,
    ],
    [
      "a target too far ahead",
      none("asm-1-27"),
      { revision: "asm-1-27", upgrade: { to, phase: "prepared" } },
      "upgrade.to",
      "asm-1-30 cannot follow asm-1-27 as of 2026-07-15: upgrade to asm-1-28 or asm-1-29 instead.",
    ],
    [
      "a target that became unreachable before it started",
      { revision: "asm-1-25", upgrade: { to: "asm-1-26", phase: "prepared" } },
      { revision: "asm-1-25", upgrade: { to: "asm-1-26", phase: "canary" } },
      "upgrade.to",
      "asm-1-26 cannot follow asm-1-25 as of 2026-07-15: upgrade to asm-1-28 instead.",
    ],
  ])("%s", (_, before, after, path, message) => {
    expect(judge(before, after)).toEqual([{ severity: "error", path, message }]);
  });

  test("back from the canary, if canary is unset in the same deployment", () => {
    expect(judge(at("canary"), at("prepared"), chosen, unchosen)).toEqual([
      {
        severity: "error",
        path: "upgrade.phase",
        message: `This change stops asm-1-30, which is still used by web. ${goBack.canary}`,
      },
    ]);
  });

  test("names no namespace if none follows", () => {
    expect(judge(at("canary"), none(), unchosen)[0]?.message).toBe(
      "This change stops asm-1-30, in one step. To roll back, set upgrade.phase to prepared; AKS then stops asm-1-30.",
    );
  });
});

test("a target that the catalog cannot judge is a warning", () => {
  expect(judge(none(to), { revision: to, upgrade: { to: "asm-1-31", phase: "prepared" } })).toEqual(
    [
      {
        severity: "warning",
        path: "upgrade.to",
        message:
          "asm-1-31 is newer than the catalog of 2026-08-21. Ask Azure: az aks mesh get-upgrades.",
      },
    ],
  );
});

describe("over random histories of changes", () => {
  const minors: MeshRevision[] = ["asm-1-28", "asm-1-29", "asm-1-30", "asm-1-31"];
  const anyMinor = fc.constantFrom(...minors);
  const anyUpgrade = fc.record({
    to: anyMinor,
    phase: fc.constantFrom<UpgradePhase[]>("prepared", "canary", "promoted"),
  });
  const anyState: fc.Arbitrary<MeshState> = fc.record({
    settings: fc.oneof(
      fc.record({ revision: anyMinor }),
      fc.record({ revision: anyMinor, upgrade: anyUpgrade }),
    ),
    namespaces: anyNamespaces,
  });
  const start: fc.Arbitrary<MeshState> = fc.record({
    settings: fc.record({ revision: anyMinor }),
    namespaces: anyNamespaces,
  });
  /** Steps that the plan offers, mixed with arbitrary changes. */
  const anyMove = fc.oneof(fc.constantFrom("next", "back", "prepare"), anyState);

  /** Tries every change on the states of a mesh, and makes those without an error. */
  function history(first: MeshState, moves: readonly (string | MeshState)[]): MeshState[] {
    const states = [first];
    for (const move of moves) {
      const now = states.at(-1) ?? first;
      const then = typeof move === "string" ? offered(now, move) : move;
      if (judgeChange(now, then, circumstances).every(({ severity }) => severity !== "error")) {
        states.push(then);
      }
    }
    return states;
  }

  function offered(state: MeshState, move: string): MeshState {
    const plan = planMesh(state);
    if (plan.phase === "none") {
      const newer = minors[minors.indexOf(state.settings.revision) + 1];
      if (newer === undefined) return state;
      const { revision } = state.settings;
      return { ...state, settings: { revision, upgrade: { to: newer, phase: "prepared" } } };
    }
    return (move === "back" ? plan.back : plan.next)?.leadsTo ?? state;
  }

  const eachChange = (check: (before: MeshState, after: MeshState) => void) => {
    fc.assert(
      fc.property(start, fc.array(anyMove, { maxLength: 30 }), (first, moves) => {
        const states = history(first, moves);
        for (const [index, after] of states.entries()) {
          const before = states[index - 1];
          if (before !== undefined) check(before, after);
        }
      }),
      { numRuns: 500 },
    );
  };

  test("a revision is stopped only if no namespace names it, before or after", () => {
    eachChange((before, after) => {
      const { revisions } = planMesh(after);
      const named = [
        ...Object.values(planMesh(before).labels),
        ...Object.values(planMesh(after).labels),
      ];
      for (const label of named) expect(revisions).toContain(label);
    });
  });

  test("a revision starts only if its ConfigMap already exists", () => {
    eachChange((before, after) => {
      const was = planMesh(before);
      for (const revision of planMesh(after).revisions) {
        if (!was.revisions.includes(revision)) expect(was.configMaps).toContain(revision);
      }
    });
  });

  test("ARM starts or stops one revision at a time and never starts an older one", () => {
    eachChange((before, after) => {
      const [was, will] = [planMesh(before).revisions, planMesh(after).revisions];
      const started = will.filter((revision) => !was.includes(revision));
      const stopped = was.filter((revision) => !will.includes(revision));
      expect(started.length + stopped.length).toBeLessThanOrEqual(1);
      for (const revision of started) {
        expect(minors.indexOf(revision)).toBeGreaterThan(minors.indexOf(was[0] ?? "asm-1-31"));
      }
    });
  });

  test("every step that a plan offers is legal, and going back ends at the old revision", () => {
    fc.assert(
      fc.property(start, fc.array(anyMove, { maxLength: 30 }), (first, moves) => {
        let state = history(first, moves).at(-1) ?? first;
        const { next } = planMesh(state);
        if (next !== undefined) {
          const errors = judgeChange(state, next.leadsTo, circumstances).filter(
            ({ severity }) => severity === "error",
          );
          expect(errors).toEqual([]);
        }
        const { revision } = state.settings;
        for (let { back } = planMesh(state); back !== undefined; back = planMesh(state).back) {
          expect(judgeChange(state, back.leadsTo, circumstances)).toEqual([]);
          state = back.leadsTo;
        }
        expect(state.settings).toEqual({ revision });
      }),
      { numRuns: 500 },
    );
  });

  test("histories reach every phase and finish upgrades", () => {
    const reached = new Set<string>();
    const finished = new Set<string>();
    eachChange((before, after) => {
      reached.add(planMesh(after).phase);
      if (before.settings.revision !== after.settings.revision) {
        finished.add(after.settings.revision);
      }
    });
    expect([...reached].sort()).toEqual(["canary", "none", "prepared", "promoted"]);
    expect([...finished].sort()).toEqual(["asm-1-29", "asm-1-30", "asm-1-31"]);
  });
});
