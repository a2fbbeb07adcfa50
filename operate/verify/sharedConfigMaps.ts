import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../mesh/names.ts";
import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import type { ObservedMesh } from "./observedMesh.ts";
import { listed } from "../wording.ts";

const say = sayings("mesh-config");

/**
 * Whether each revision has its shared ConfigMap, and no other revision has one.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#mesh-configuration-and-upgrades
 */
export const sharedConfigMaps: Check = {
  name: "mesh-config",
  kinds: ["ConfigMap", "apps/Deployment"],
  judge(mesh) {
    const existing = revisionsWithConfigMap(mesh);
    const problems = [...missing(mesh, existing), ...leftover(mesh, existing)];
    if (problems.length > 0) return problems;
    return [
      say.passed(
        "shared ConfigMaps",
        existing.length === 0
          ? "No revision has one, so the mesh uses the add-on's defaults."
          : `${listed(existing)} ${existing.length === 1 ? "has" : "have"} one.`,
      ),
    ];
  },
};

function revisionsWithConfigMap({ state }: ObservedMesh): readonly MeshRevision[] {
  const prefix = "istio-shared-configmap-";
  return state
    .all("ConfigMap")
    .filter(({ metadata }) => metadata.namespace === CONTROL_PLANE_NAMESPACE)
    .map(({ metadata: { name } }) => (name.startsWith(prefix) ? name.slice(prefix.length) : ""))
    .filter(isMeshRevision)
    .sort(compareRevisions);
}

/**
 * Without a MeshConfig in a stack, a revision should have one if another has: an upgrade that forgot it lost the mesh's
 * settings.
 */
function missing(mesh: ObservedMesh, existing: readonly MeshRevision[]): readonly Observation[] {
  const { stack = "", configMaps = [] } = mesh.wanted ?? {};
  const lacking = (revisions: readonly MeshRevision[]) =>
    revisions.filter((revision) => !existing.includes(revision));
  if (configMaps.length > 0) {
    return lacking(configMaps).map((revision) =>
      say.failed(
        subjectOf(revision),
        `It does not exist, but the stack ${stack} wants it.`,
        `Deploy the stack, and restart the workloads that follow ${revision}.`,
        [`pulumi up --stack ${stack}`],
      ),
    );
  }
  if (existing.length === 0) return [];
  const have = `${listed(existing)} ${existing.length === 1 ? "has" : "have"} one`;
  return lacking(expectedRevisions(mesh)).map((revision) =>
    say.failed(
      subjectOf(revision),
      `It does not exist, but ${have}: ${revision} runs without the mesh's settings.`,
      `Create it with the content of the other, and restart the workloads that follow ${revision}.`,
      [
        `kubectl get configmap ${sharedConfigMapName(existing.at(-1) ?? revision)} --namespace ${CONTROL_PLANE_NAMESPACE} --output yaml`,
      ],
    ),
  );
}

/** One of a newer revision than all that run prepares an upgrade. */
function leftover(mesh: ObservedMesh, existing: readonly MeshRevision[]): readonly Observation[] {
  const running = expectedRevisions(mesh);
  const { configMaps = [] } = mesh.wanted ?? {};
  const newest = running.at(-1);
  return existing
    .filter((revision) => !running.includes(revision) && !configMaps.includes(revision))
    .filter((revision) => newest === undefined || compareRevisions(revision, newest) < 0)
    .map((revision) =>
      say.warning(
        subjectOf(revision),
        `It is left over from ${revision}, which does not run.`,
        "Delete it. If the stack created it, the next deployment does.",
        [
          `kubectl delete configmap ${sharedConfigMapName(revision)} --namespace ${CONTROL_PLANE_NAMESPACE}`,
        ],
      ),
    );
}

function subjectOf(revision: MeshRevision): string {
  return `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${sharedConfigMapName(revision)}`;
}
