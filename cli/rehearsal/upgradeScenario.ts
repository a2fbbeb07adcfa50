import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { UsageError } from "../../offline/errors.ts";
import { Assumptions } from "../../offline/engine/assumptions.ts";
import type { Project } from "../../offline/project/project.ts";
import { parseStackFile } from "../../offline/project/stackFile.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { catalog } from "../../mesh/catalog.ts";
import { outlookOf } from "../../mesh/outlook.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { planMesh, upgradeCourse } from "../../mesh/upgrade.ts";
import type { MeshSettings, MeshState } from "../../mesh/upgrade.ts";
import { eventLog, isComplete, readEvents, stepsOf } from "../../rehearsal/engineEvents.ts";
import type { EngineStep } from "../../rehearsal/engineEvents.ts";
import { differencesFrom } from "../../rehearsal/upgradeChanges.ts";
import type { Differences } from "../../rehearsal/upgradeChanges.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import type { Settings } from "../../settings/schema.ts";
import { configOf } from "../stackConfig.ts";
import { requireOwnProgram } from "../stack/ownProgram.ts";
import { settingsOf } from "../stack/stackSettings.ts";
import type { Ended } from "./run.ts";

/** An upgrade that can be rehearsed. */
export interface UpgradeScenario {
  readonly stack: string;
  readonly from: MeshRevision;
  readonly to: MeshRevision;
  readonly hasMeshConfig: boolean;
  readonly course: readonly MeshState[];
  /** Returns the text of the stack file with the settings of a state. */
  readonly withSettings: (text: string, settings: MeshSettings) => string;
}

const INCOMPLETE =
  "pulumi up succeeded, but its event log has no end, so its changes are unknown. Use Pulumi CLI 3.244 or later.";

/** The result of one deployment. */
export interface RehearsedPhase {
  /** `before`, a phase of the upgrade, or `after`. */
  readonly name: string;
  readonly settings: MeshSettings;
  readonly steps: readonly EngineStep[];
  readonly differences: Differences;
  /** The output of the Pulumi CLI if it failed, or why its changes are unknown. */
  readonly failure?: string;
}

/**
 * Reads an upgrade from a stack file: from its revision to the given one, to that of an upgrade in progress, or to the
 * next.
 *
 * @throws UsageError if the stack cannot be upgraded, or if the settings of a phase are invalid
 */
export function upgradeScenario(
  project: Project,
  stack: StackFile,
  wanted: string | undefined,
): UpgradeScenario {
  requireOwnProgram(project);
  const { settings } = settingsOf(project, stack, Assumptions.none());
  const { revisions, meshConfig } = settings.mesh;
  if (revisions === "external") {
    throw new UsageError(
      `${project.name}:mesh.management of stack ${stack.stack} is external: the mesh is upgraded outside the program, so there are no phases to rehearse.`,
    );
  }
  const { revision: from, upgrade } = revisions;
  // The settings of each phase are validated below.
  const to = (wanted as MeshRevision | undefined) ?? upgrade?.to ?? nextOf(from, settings);
  const course = upgradeCourse(from, to, meshNamespaces(settings.namespaces));
  const key = `${project.name}:mesh`;
  const mesh = JSON.parse(
    configOf(project, stack, Assumptions.none()).get(key)?.value ?? "{}",
  ) as object;
  const withSettings = (text: string, { revision, upgrade: during }: MeshSettings) => {
    const document = parseDocument(text);
    document.setIn(["config", key], { ...mesh, revision, upgrade: during });
    return document.toString();
  };
  const text = stack.file === undefined ? "" : readFileSync(stack.file, "utf8");
  for (const state of course) {
    const name = `${stack.file ?? `the stack ${stack.stack}`} (${nameOf(state, from)})`;
    const changed = parseStackFile(stack.stack, withSettings(text, state.settings), name);
    settingsOf(project, changed, Assumptions.none());
  }
  const hasMeshConfig = Object.keys(meshConfig).length > 0;
  return { stack: stack.stack, from, to, hasMeshConfig, course, withSettings };
}

function nextOf(from: MeshRevision, { cluster }: Settings): MeshRevision {
  const { kubernetesVersion, supportPlan: plan } = cluster;
  const [next] = outlookOf(from, catalog.asOf, { kubernetesVersion, plan }).targets;
  if (next !== undefined) return next.revision;
  throw new UsageError(
    `The release calendar of ${catalog.asOf} lists no revision that can follow ${from} on Kubernetes ${kubernetesVersion}. Name one with --to.`,
  );
}

/**
 * Deploys the states of an upgrade in order, until one fails.
 *
 * @param place The throwaway project. The settings are written to its stack file; the user's file does not change.
 */
export async function* rehearseUpgrade(
  { stack, from, course, hasMeshConfig, withSettings }: UpgradeScenario,
  place: {
    readonly directory: string;
    readonly run: (
      words: readonly string[],
      env: Readonly<Record<string, string>>,
    ) => Promise<Ended>;
  },
): AsyncGenerator<RehearsedPhase> {
  const file = join(place.directory, `Pulumi.${stack}.yaml`);
  let before: MeshState | undefined;
  for (const [index, state] of course.entries()) {
    writeFileSync(file, withSettings(readFileSync(file, "utf8"), state.settings));
    const log = join(place.directory, `../events-${index}.json`);
    const { options, environment } = eventLog(log);
    const up = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"];
    const { code, output } = await place.run([...up, ...options], environment);
    const events = readEvents(log);
    const steps = stepsOf(events);
    const failure = code !== 0 ? output.trim() : isComplete(events) ? undefined : INCOMPLETE;
    yield {
      name: nameOf(state, from),
      settings: state.settings,
      steps,
      differences:
        before === undefined
          ? { unexpected: [], missing: [] }
          : differencesFrom(steps, planMesh(before), planMesh(state), hasMeshConfig),
      ...(failure === undefined ? {} : { failure }),
    };
    if (failure !== undefined) return;
    before = state;
  }
}

/** Whether a deployment made exactly the changes of its phase. */
export function isAsExpected({ differences, failure }: RehearsedPhase): boolean {
  const { unexpected, missing } = differences;
  return failure === undefined && unexpected.length + missing.length === 0;
}

function nameOf({ settings: { revision, upgrade } }: MeshState, from: MeshRevision): string {
  return upgrade?.phase ?? (revision === from ? "before" : "after");
}
