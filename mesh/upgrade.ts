import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** How far a canary upgrade has come. */
export type UpgradePhase = "prepared" | "canary" | "promoted";

/** What the mesh runs on, and the canary upgrade that is under way, if one is: `to` is newer than `revision`. */
export interface MeshSettings {
  readonly revision: MeshRevision;
  readonly upgrade?: { readonly to: MeshRevision; readonly phase: UpgradePhase };
}

/** The namespaces that joined the mesh, by name, and whether each chose to follow the canary ahead of the others. */
export type MeshNamespaces = Readonly<Record<string, { readonly canary: boolean }>>;

/** All that decides what the mesh looks like. */
export interface MeshState {
  readonly settings: MeshSettings;
  readonly namespaces: MeshNamespaces;
}

/** A legal step from one state to another: what to do, the state it leads to, and what has to be true before. */
export interface UpgradeStep {
  readonly does: string;
  readonly leadsTo: MeshState;
  readonly first: readonly string[];
}

/** What a state of the mesh means. */
export interface MeshPlan {
  readonly phase: "none" | UpgradePhase;
  /** `serviceMeshProfile.istio.revisions` of the cluster, oldest first. */
  readonly revisions: readonly MeshRevision[];
  /** The revisions that have a shared ConfigMap, oldest first. */
  readonly configMaps: readonly MeshRevision[];
  /** The value of `istio.io/rev` of each namespace, by name, in the order of the names. */
  readonly labels: Readonly<Record<string, MeshRevision>>;
  /** The value of `istio.io/rev` of every namespace that has not chosen the canary, known by name or not. */
  readonly defaultLabel: MeshRevision;
  /** The step that goes on with the upgrade; undefined where none is under way. */
  readonly next: UpgradeStep | undefined;
  /** The step that goes back towards the old revision; undefined where no upgrade is under way. */
  readonly back: UpgradeStep | undefined;
}

/**
 * Everything that follows from the state of the mesh: nothing else computes a list of revisions or a label.
 *
 * The new revision's ConfigMap has to exist before its control plane starts, and the last proxy of a revision has to
 * be gone before its control plane is; that is why an upgrade has phases, and why each is a deployment of its own.
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
    does: `set upgrade.phase to ${entered}, so that ${does}`,
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
        next: enter("canary", `AKS starts ${to} beside ${old}`),
        back: end(old, `remove upgrade, so that nothing of ${to} is left`),
      };
    case "canary":
      return {
        next: enter("promoted", `every namespace follows ${to}`, [
          followers.length === 0
            ? `no namespace has chosen the canary: set canary on one and watch its workloads on ${to}`
            : `the workloads in ${list(followers)} are restarted, and healthy on ${to}`,
        ]),
        back:
          followers.length === 0
            ? enter("prepared", `AKS stops ${to}`, [
                `no pod runs a proxy of ${to} any more: restart those that do`,
              ])
            : {
                does: `unset canary on ${list(followers)}, to follow ${old} again`,
                leadsTo: { settings, namespaces: withoutCanary(namespaces) },
                first: [],
              },
      };
    case "promoted":
      return {
        next: end(to, `set revision to ${to} and remove upgrade, so that AKS stops ${old}`, [
          `no pod runs a proxy of ${old} any more: restart those that do`,
        ]),
        back: enter("canary", `the namespaces that did not choose the canary follow ${old} again`),
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
