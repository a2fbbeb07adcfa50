import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** The phase of a canary upgrade. */
export type UpgradePhase = "prepared" | "canary" | "promoted";

/** The revision of the mesh, and the canary upgrade in progress, if any: `to` is newer than `revision`. */
export interface MeshSettings {
  readonly revision: MeshRevision;
  readonly upgrade?: { readonly to: MeshRevision; readonly phase: UpgradePhase };
}

/** The namespaces in the mesh, by name, and whether each follows the canary ahead of the others. */
export type MeshNamespaces = Readonly<Record<string, { readonly canary: boolean }>>;

/** The settings that determine the state of the mesh. */
export interface MeshState {
  readonly settings: MeshSettings;
  readonly namespaces: MeshNamespaces;
}

/** A legal step from one state to another: the action, the resulting state, and its prerequisites. */
export interface UpgradeStep {
  readonly does: string;
  readonly leadsTo: MeshState;
  readonly first: readonly string[];
}

/** What follows from a state of the mesh. */
export interface MeshPlan {
  readonly phase: "none" | UpgradePhase;
  /** `serviceMeshProfile.istio.revisions` of the cluster, oldest first. */
  readonly revisions: readonly MeshRevision[];
  /** The revisions that have a shared ConfigMap, oldest first. */
  readonly configMaps: readonly MeshRevision[];
  /** The value of `istio.io/rev` of each namespace, sorted by name. */
  readonly labels: Readonly<Record<string, MeshRevision>>;
  /** The value of `istio.io/rev` of every namespace that does not follow the canary, listed or not. */
  readonly defaultLabel: MeshRevision;
  /** The step that continues the upgrade; undefined if none is in progress. */
  readonly next: UpgradeStep | undefined;
  /** The step back towards the old revision; undefined if no upgrade is in progress. */
  readonly back: UpgradeStep | undefined;
}

/**
 * Derives everything from the state of the mesh: the only place that computes lists of revisions and labels.
 *
 * The new revision's ConfigMap must exist before its control plane starts, and the last proxy of a revision must be
 * gone before its control plane stops. Therefore an upgrade has phases, and each phase is a separate deployment.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#mesh-configuration-and-upgrades
 */
export function planMesh(state: MeshState): MeshPlan {
  const { settings, namespaces } = state;
  const { revision: old, upgrade } = settings;
  const phase = upgrade?.phase ?? "none";
  const both = upgrade === undefined ? [old] : [old, upgrade.to].sort(compareRevisions);
  return {
    phase,
    revisions: phase === "none" || phase === "prepared" ? [old] : both,
    configMaps: both,
    labels: Object.fromEntries(
      Object.keys(namespaces)
        .sort()
        .map((name) => [name, label(settings, namespaces[name]?.canary === true)]),
    ),
    defaultLabel: label(settings, false),
    ...steps(state),
  };
}

/** The states of a whole canary upgrade, a deployment each: before it, in each of its phases, and after it. */
export function upgradeCourse(
  revision: MeshRevision,
  to: MeshRevision,
  namespaces: MeshNamespaces,
): readonly MeshState[] {
  const course: MeshState[] = [{ settings: { revision }, namespaces }];
  const first: MeshState = {
    settings: { revision, upgrade: { to, phase: "prepared" } },
    namespaces,
  };
  for (let state: MeshState | undefined = first; state; state = planMesh(state).next?.leadsTo) {
    course.push(state);
  }
  return course;
}

function label({ revision, upgrade }: MeshSettings, canary: boolean): MeshRevision {
  switch (upgrade?.phase) {
    case undefined:
    case "prepared":
      return revision;
    case "canary":
      return canary ? upgrade.to : revision;
    case "promoted":
      return upgrade.to;
  }
}

function steps(state: MeshState): Pick<MeshPlan, "next" | "back"> {
  const { settings, namespaces } = state;
  const { revision: old, upgrade } = settings;
  if (upgrade === undefined) return { next: undefined, back: undefined };
  const { to, phase } = upgrade;
  const enter = (entered: UpgradePhase, does: string, first: string[] = []): UpgradeStep => ({
    does: `set upgrade.phase to ${entered}; ${does}`,
    leadsTo: { settings: { revision: old, upgrade: { to, phase: entered } }, namespaces },
    first,
  });
  const end = (revision: MeshRevision, does: string, first: string[] = []): UpgradeStep => ({
    does,
    leadsTo: { settings: { revision }, namespaces },
    first,
  });
  const followers = canaryNamespaces(namespaces);

  switch (phase) {
    case "prepared":
      return {
        next: enter("canary", `AKS then runs ${to} alongside ${old}`),
        back: end(old, `remove upgrade; this deletes everything that belongs to ${to}`),
      };
    case "canary":
      return {
        next: enter("promoted", `every namespace then follows ${to}`, [
          followers.length === 0
            ? `no namespace follows the canary: set canary on one and watch its workloads on ${to}`
            : `the workloads in ${list(followers)} have been restarted and are healthy on ${to}`,
        ]),
        back:
          followers.length === 0
            ? enter("prepared", `AKS then stops ${to}`, [
                `no pod runs a proxy of ${to}: restart those that do`,
              ])
            : {
                does: `unset canary on ${list(followers)} to follow ${old} again`,
                leadsTo: { settings, namespaces: withoutCanary(namespaces) },
                first: [],
              },
      };
    case "promoted":
      return {
        next: end(to, `set revision to ${to} and remove upgrade; AKS then stops ${old}`, [
          `no pod runs a proxy of ${old}: restart those that do`,
        ]),
        back: enter("canary", `namespaces without canary then follow ${old} again`),
      };
  }
}

function canaryNamespaces(namespaces: MeshNamespaces): string[] {
  return Object.keys(namespaces)
    .filter((name) => namespaces[name]?.canary === true)
    .sort();
}

function withoutCanary(namespaces: MeshNamespaces): MeshNamespaces {
  return Object.fromEntries(Object.keys(namespaces).map((name) => [name, { canary: false }]));
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
