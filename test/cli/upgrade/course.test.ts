import { expect, test } from "vitest";
import { courseText, requireCourses } from "../../../cli/upgrade/course.ts";
import type { Course } from "../../../cli/upgrade/course.ts";
import type { ValidStack } from "../../../cli/upgrade/validStack.ts";
import type { UpgradePhase } from "../../../mesh/upgrade.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { loadStackFile } from "../../../offline/project/stackFile.ts";
import { loadAssumptions } from "../../../offline/stackOptions.ts";
import { settingsOf } from "../../../cli/stack/stackSettings.ts";

const PHASES = ["before", "prepared", "canary", "promoted", "after"] as const;

function stackIn(phase: (typeof PHASES)[number]): ValidStack {
  const project = loadProject(".");
  const assumptions = loadAssumptions(undefined);
  const configFile = `examples/upgrade-${phase}.yaml`;
  const stack = loadStackFile(project, { stack: "prod", configFile });
  return {
    project,
    stack,
    assumptions,
    settings: settingsOf(project, stack, assumptions).settings,
  };
}

const course = (direction: "next" | "back", stopAfter?: UpgradePhase): Course => ({
  choice: { direction, to: direction === "next" ? "asm-1-30" : undefined },
  stopAfter,
});

/** The phases in which a stack cannot stop after the phase canary. */
function refused(direction: "next" | "back"): readonly string[] {
  return PHASES.filter((phase) => {
    try {
      requireCourses([stackIn(phase)], course(direction, "canary"));
      return false;
    } catch {
      return true;
    }
  });
}

test("a run does not begin if it has passed the phase in which it is to stop", () => {
  expect(refused("next")).toEqual(["promoted"]);
  expect(refused("back")).toEqual(["prepared"]);
  expect(() => {
    requireCourses([stackIn("promoted")], course("next", "canary"));
  }).toThrow("The upgrade is promoted already, so a run cannot stop after canary.");
  expect(() => {
    requireCourses([stackIn("prepared")], course("back", "canary"));
  }).toThrow("The upgrade is only prepared, so a run back cannot stop after canary.");
});

test("a run deploys the phase in which it begins if it is to stop there, in both directions", () => {
  for (const direction of ["next", "back"] as const) {
    expect(courseText(stackIn("canary"), course(direction, "canary")).split("\n").slice(1)).toEqual(
      [
        "  1. deploy (AKS runs asm-1-29, asm-1-30), restart what follows another revision, verify",
        "",
      ],
    );
  }
});
