import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";
import type { MeshPlan } from "./upgrade.ts";

/**
 * The phase of a canary upgrade that a mesh shows: the inverse of `planMesh`. Once every namespace follows the new
 * revision, the phase is `promoted`. Undefined if two revisions run and no namespace follows either.
 */
export function observedPhase({
  revisions,
  configMaps,
  labels,
}: Pick<MeshPlan, "revisions" | "configMaps" | "labels">): MeshPlan["phase"] | undefined {
  const [newest, older] = [...revisions].sort((a, b) => compareRevisions(b, a));
  if (newest === undefined) return undefined;
  if (older === undefined) {
    const isNewer = (one: MeshRevision) => compareRevisions(one, newest) > 0;
    return configMaps.some(isNewer) ? "prepared" : "none";
  }
  const followed = Object.values(labels).filter((label) => revisions.includes(label));
  if (followed.length === 0) return undefined;
  return followed.every((label) => label === newest) ? "promoted" : "canary";
}
