import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { KINDS, nameOf } from "../../../operate/cluster/kinds.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";

/** A cluster with exactly these objects; some kinds cannot be read. */
export function clusterOf(
  objects: readonly ClusterObject[],
  unread: readonly KindName[] = [],
): ClusterState {
  const why = (kinds: readonly KindName[]) => ({
    reason: `You may not list ${kinds.join(", ")}.`,
    fix: `Ask for ${kinds.join(", ")}.`,
  });
  return new ClusterState(
    "context test",
    (Object.keys(KINDS) as KindName[]).map((name) => [
      name,
      unread.includes(name)
        ? why
        : objects.filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === name),
    ]),
  );
}
