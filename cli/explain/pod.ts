import { UsageError } from "../../offline/errors.ts";
import { withoutUnknown } from "./unknowns.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../operate/cluster/clusterState.ts";
import { KINDS, nameOf } from "../../operate/cluster/kinds.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import type { Explanation } from "../../operate/explain/explanation.ts";
import { addonObjects } from "../../operate/explain/pod/addonObjects.ts";
import { POD_KINDS, explainPod } from "../../operate/explain/pod/explainPod.ts";
import { inCluster, namespaceIn } from "../../operate/explain/pod/podInQuestion.ts";
import { WORKLOAD_KINDS } from "../../operate/explain/pod/subject.ts";
import { readSnapshot } from "../../operate/snapshot.ts";
import { plannedParts } from "../check/planContext.ts";
import type { PlanFlags } from "../check/planContext.ts";
import { readState } from "../operate/clusterOptions.ts";
import type { ClusterFlags } from "../operate/clusterOptions.ts";
import { plannedObjects } from "./plannedObjects.ts";
import { findObject, parseReference } from "./reference.ts";
import type { Reference } from "./reference.ts";

/** Where a pod and its cluster are read. */
export interface PodFlags extends ClusterFlags, PlanFlags {
  readonly namespace: string;
  readonly file?: string;
  readonly revision?: readonly string[];
}

/** @throws UsageError if the reference is none, or there is no such object */
export async function explainPodOf(text: string, flags: PodFlags): Promise<Explanation> {
  const reference = referenceOf(text, flags.namespace);
  const { stack, plan, file, revision } = flags;
  if (stack !== undefined || plan !== undefined) {
    if (file !== undefined || revision !== undefined) {
      throw new UsageError("Leave out -f and --revision: the plan has the object and the cluster.");
    }
    const planned = plannedObjects(await plannedParts(flags));
    if (planned.revisions === undefined) {
      throw new UsageError("The plan has no cluster whose revisions of the mesh are known.");
    }
    return ofNew(reference, stateOf("the plan", planned.objects, true), onAddon(planned.revisions));
  }
  if (file !== undefined) {
    const objects = readSnapshot([file], false).state;
    const cluster =
      revision === undefined
        ? (await readState(flags, [...POD_KINDS, reference.kind])).state
        : onAddon(revision);
    return ofNew(reference, namespaced(objects, file, flags.namespace), cluster);
  }
  if (revision !== undefined) throw new UsageError("--revision is about -f. Name a file, too.");
  const { state } = await readState(flags, [...new Set([...POD_KINDS, reference.kind])]);
  return explainPod(inCluster(findObject(reference, state), state), state);
}

function referenceOf(text: string, namespace: string): Reference {
  const reference = parseReference(text, namespace, "Pod");
  if (reference !== undefined && WORKLOAD_KINDS.includes(KINDS[reference.kind].kind)) {
    return reference;
  }
  throw new UsageError(
    `"${text}" is neither a pod nor a workload. Name one, such as pod/web-1 or deployment/web.`,
  );
}

/** An object that does not exist yet, for a cluster. Its namespace is where it is, or in the cluster. */
function ofNew(reference: Reference, objects: ClusterState, cluster: ClusterState): Explanation {
  const object = findObject(reference, objects);
  const namespace = namespaceIn(objects, object) ?? namespaceIn(cluster, object);
  const known = {
    object: withoutUnknown(object),
    namespace: namespace && withoutUnknown(namespace),
  };
  return {
    ...explainPod({ ...known, pods: undefined }, cluster),
    from: `${objects.from}, for ${cluster.from}`,
  };
}

/** A cluster with the add-on that does not exist yet. */
function onAddon(revisions: readonly string[]): ClusterState {
  return stateOf(`a cluster with ${revisions.join(" and ")}`, addonObjects(revisions), false);
}

/** @param knowsNamespaces whether a namespace that is not among the objects does not exist */
function stateOf(
  from: string,
  objects: readonly ClusterObject[],
  knowsNamespaces: boolean,
): ClusterState {
  return new ClusterState(
    from,
    (Object.keys(KINDS) as KindName[]).map((name) => [
      name,
      name === "Namespace" && !knowsNamespaces
        ? () => ({
            reason: "The namespace of the pod is not known.",
            fix: "Add the Namespace to the file, or name a cluster that has it.",
          })
        : objects.filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === name),
    ]),
  );
}

/** The objects of a file, in the namespace that kubectl would apply them to. */
function namespaced(state: ClusterState, file: string, namespace: string): ClusterState {
  const all = (Object.keys(KINDS) as KindName[])
    .filter((name) => state.notRead(name) === undefined)
    .flatMap((name) => state.all(name));
  const placed = all.map((object) =>
    object.kind === "Namespace"
      ? object
      : { ...object, metadata: { namespace, ...object.metadata } },
  );
  return stateOf(file, placed, true);
}
