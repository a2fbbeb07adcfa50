import { listAt, numberAt, textAt } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";

/**
 * Why a condition of an object is not `True` for its current specification, as text that follows its name; undefined if
 * it is.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
export function conditionProblem(object: ClusterObject, type: string): string | undefined {
  const condition = listAt(object, "status", "conditions").find(
    (one) => textAt(one, "type") === type,
  );
  if (condition === undefined) return `has no condition ${type} yet`;
  const { generation = 0 } = object.metadata;
  const observed =
    numberAt(condition, "observedGeneration") ?? numberAt(object, "status", "observedGeneration");
  if (observed !== undefined && observed < generation) {
    return `has a change that its controller has not seen yet`;
  }
  const status = textAt(condition, "status") ?? "Unknown";
  if (status === "True") return undefined;
  const says = [textAt(condition, "reason"), textAt(condition, "message")]
    .filter((text) => text !== undefined && text !== "")
    .join(": ");
  return `has ${type} ${status}${says === "" ? "" : ` (${says})`}`;
}
