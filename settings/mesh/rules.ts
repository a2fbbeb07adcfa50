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
 * Reports either the version or the revision. The version is wrong if it is too old for a supported revision and
 * supports no other one; otherwise, the revision is.
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
    // The compatible versions, if an upgrade of the cluster can reach them.
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

/** Whether support had definitely ended on the day of the catalog. */
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
  // The last phase has the fewest rules: its problems apply in every phase.
  const phase = read(Phase, values, ["mesh", "upgrade", "phase"]) ?? "promoted";
  const settings = { revision, upgrade: { to, phase } };
  return violationsOf("error", ["mesh"], targetProblems(settings, clusterOf(values)));
}

/**
 * The problems of an upgrade's target revision. The day is that of the catalog, so the result does not depend on the
 * current date.
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
  // `checkKubernetesVersion` reports an incompatible target. Once every namespace follows the
  // target, only the old revision is left to stop, whether or not the target is still supported.
  if (onwards && (unfit || phase === "promoted")) return [];
  return judgeTarget(revision, to, { day: catalog.asOf, ...(cluster && { cluster }) });
}

function checkMeshConfig(values: Values): readonly Violation[] {
  const config = valueAt(values, CONFIG);
  return isExternal(values) ? [] : violationsOf("error", CONFIG, meshConfigProblems(config));
}

/** The path of the MeshConfig. */
export const CONFIG = ["mesh", "meshConfig"] as const;

/** The problems of one severity, with paths from the keys of the stack. */
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

/** The cluster's version and support plan; undefined if either is invalid. */
function clusterOf(values: Values): ClusterVersion | undefined {
  const kubernetesVersion = read(KubernetesVersion, values, ["cluster", "kubernetesVersion"]);
  const plan = read(Plan.default("KubernetesOfficial"), values, ["cluster", "supportPlan"]);
  if (kubernetesVersion === undefined || plan === undefined) return undefined;
  return { kubernetesVersion, plan };
}
