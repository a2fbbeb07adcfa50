import { catalog, kubernetesFit, kubernetesMinor, newestRevision } from "../../mesh/catalog.ts";
import type { KubernetesRange } from "../../mesh/catalog.ts";
import { meshConfigProblems } from "../../mesh/meshConfig.ts";
import type { Problem } from "../../mesh/problem.ts";
import { compareRevisions } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { revisionsFor, supportOn } from "../../mesh/support.ts";
import type { ClusterVersion } from "../../mesh/support.ts";
import type { MeshSettings } from "../../mesh/upgrade.ts";
import { judgeTarget } from "../../mesh/upgradeTarget.ts";
import { KubernetesVersion, Plan, Revision } from "../core/scalars.ts";
import { valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";
import { Phase } from "./schema.ts";

/** The rules on the mesh and its revisions. */
export const MESH_RULES = [checkKubernetesVersion, checkUpgradeTarget, checkMeshConfig] as const;

export function isExternal(values: Values): boolean {
  return valueAt(values, ["mesh", "management"]) === "external";
}

/**
 * Either the version or the revision is wrong: the version if it is too old for a revision that is supported and runs
 * no other such revision, and the revision otherwise.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
function checkKubernetesVersion(values: Values): readonly Violation[] {
  const cluster = clusterOf(values);
  if (cluster === undefined) return [];
  const { kubernetesVersion, plan } = cluster;
  const misfits = [
    ["mesh", "revision"],
    ["mesh", "upgrade", "to"],
  ].flatMap((steps) => {
    const revision = read(Revision, values, steps);
    if (revision === undefined) return [];
    const { fits, range } = kubernetesFit(revision, kubernetesVersion, plan);
    if (fits !== false) return [];
    // The range of versions that it would take, unless there is none to go to.
    const ahead = isTooOld(kubernetesVersion, range) && !hasEnded(revision) ? range : undefined;
    return [{ steps, revision, ahead }];
  });
  const others = revisionsFor(cluster)
    .map(({ revision }) => revision)
    .filter((revision) => !hasEnded(revision));
  const held = misfits.find(({ ahead }) => ahead !== undefined);
  if (held?.ahead !== undefined && others.length === 0) {
    const { revision, ahead } = held;
    const rule = `runs no supported revision; ${revision} runs on ${ahead.oldest} to ${ahead.newest}: choose one of these versions`;
    return [{ steps: ["cluster", "kubernetesVersion"], rule }];
  }
  return misfits.map(({ steps, ahead }) => {
    const choice = others.length === 0 ? newestWithRange(plan) : others.join(" or ");
    const upgrade =
      ahead === undefined ? "" : `, or a kubernetesVersion from ${ahead.oldest} to ${ahead.newest}`;
    return {
      steps,
      rule: `does not run on Kubernetes ${kubernetesVersion} under the support plan ${plan}; choose ${choice}${upgrade}`,
    };
  });
}

function isTooOld(version: string, range: KubernetesRange | undefined): boolean {
  const minor = kubernetesMinor(version);
  const oldest = kubernetesMinor(range?.oldest);
  return minor !== undefined && oldest !== undefined && minor < oldest;
}

/** Whether support has ended for certain by the day of the catalog. */
function hasEnded(revision: MeshRevision): boolean {
  return supportOn(revision, catalog.asOf) === "ended";
}

function newestWithRange(plan: ClusterVersion["plan"]): string {
  const revision = newestRevision();
  const { range } = kubernetesFit(revision, undefined, plan);
  return range === undefined
    ? revision
    : `${revision}, which runs on ${range.oldest} to ${range.newest}`;
}

function checkUpgradeTarget(values: Values): readonly Violation[] {
  const revision = read(Revision, values, ["mesh", "revision"]);
  const to = read(Revision, values, ["mesh", "upgrade", "to"]);
  if (revision === undefined || to === undefined || isExternal(values)) return [];
  // In the last phase the least is wrong: what is wrong there is wrong in whichever phase was meant.
  const phase = read(Phase, values, ["mesh", "upgrade", "phase"]) ?? "promoted";
  const settings = { revision, upgrade: { to, phase } };
  return violationsOf("error", ["mesh"], targetProblems(settings, clusterOf(values)));
}

/**
 * What is wrong with the revision that an upgrade goes to. The day is the catalog's, so that the same settings are
 * right or wrong on every day.
 */
export function targetProblems(
  { revision, upgrade }: MeshSettings,
  cluster: ClusterVersion | undefined,
): readonly Problem[] {
  if (upgrade === undefined) return [];
  const { to, phase } = upgrade;
  const onwards = compareRevisions(revision, to) < 0;
  const unfit =
    cluster !== undefined &&
    kubernetesFit(to, cluster.kubernetesVersion, cluster.plan).fits === false;
  // A target that cannot run is reported for that. Once every namespace follows it, what is left is to stop the old
  // revision, whatever is supported by then.
  if (onwards && (unfit || phase === "promoted")) return [];
  return judgeTarget(revision, to, { day: catalog.asOf, ...(cluster && { cluster }) });
}

function checkMeshConfig(values: Values): readonly Violation[] {
  const config = valueAt(values, CONFIG);
  return isExternal(values) ? [] : violationsOf("error", CONFIG, meshConfigProblems(config));
}

/** Where the MeshConfig stands. */
export const CONFIG = ["mesh", "meshConfig"] as const;

/** The problems of one severity, with their paths from the setting that they were found in. */
export function violationsOf(
  severity: Problem["severity"],
  setting: readonly Step[],
  problems: readonly Problem[],
): readonly Violation[] {
  return problems
    .filter((problem) => problem.severity === severity)
    .map(({ path, message }) => ({
      steps: [...setting, ...path.split(".").filter((step) => step !== "")],
      rule: message,
      hideValue: true,
    }));
}

/** What the cluster runs, where that is said soundly. */
function clusterOf(values: Values): ClusterVersion | undefined {
  const kubernetesVersion = read(KubernetesVersion, values, ["cluster", "kubernetesVersion"]);
  const plan = read(Plan.default("KubernetesOfficial"), values, ["cluster", "supportPlan"]);
  if (kubernetesVersion === undefined || plan === undefined) return undefined;
  return { kubernetesVersion, plan };
}
