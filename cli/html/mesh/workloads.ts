import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { labelOf } from "../../../operate/cluster/clusterObject.ts";
import { WORKLOAD_KINDS } from "../../../operate/explain/pod/subject.ts";
import { partyOf } from "../../../operate/explain/request/parties.ts";
import type { Side } from "./callers.ts";
import { podOf } from "./expectedPods.ts";
import type { MeshWorkload } from "./mesh.ts";
import type { PlannedObject } from "./plannedObjects.ts";
import { sidecarOf } from "./sidecars.ts";
import type { Injecting } from "./sidecars.ts";

/** A workload of a plan, with a pod of it. */
export interface PlannedWorkload extends Side {
  readonly shown: Omit<MeshWorkload, "mtls">;
  readonly pod: ClusterObject;
}

/** The API groups of the kinds that create pods. */
const GROUPS = /^(v1|apps\/.*|batch\/.*)$/;

/** @param namespaces those that the plan contains, by name */
export function workloadsOf(
  planned: readonly PlannedObject[],
  namespaces: ReadonlyMap<string, ClusterObject>,
  injecting: Injecting,
): readonly PlannedWorkload[] {
  return planned
    .filter(({ object: { apiVersion, kind } }) => {
      return WORKLOAD_KINDS.includes(kind) && GROUPS.test(apiVersion);
    })
    .map(({ object, urn }) => {
      const { name, namespace = "" } = object.metadata;
      const sidecar = sidecarOf(object, namespaces.get(namespace), injecting);
      const pod = podOf(object, sidecar);
      return {
        shown: { label: labelOf(object), kind: object.kind, name, namespace, urn, sidecar },
        pod,
        party: partyOf(object, [pod]),
        isKnown: sidecar.outcome !== "unknown",
      };
    });
}
