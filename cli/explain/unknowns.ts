import { isRecord } from "../../manifests/manifest.ts";
import { isUnknownText } from "../../manifests/unknownText.ts";
import { UsageError } from "../../offline/errors.ts";
import { labelOf } from "../../operate/cluster/clusterObject.ts";
import { pathText } from "../change/propertyPath.ts";
import type { PropertyPath } from "../change/propertyPath.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";

/** The fields that decide about injection. */
const DECIDING = ["labels", "annotations", "hostNetwork", "namespace"];

/**
 * The object, if nothing that decides about injection is unknown in it: its labels and annotations.
 *
 * @throws UsageError otherwise
 */
export function withoutUnknown(object: ClusterObject): ClusterObject {
  const paths = unknownIn(object, []).filter((path) =>
    path.some((step) => typeof step === "string" && DECIDING.includes(step)),
  );
  if (paths.length === 0) return object;
  throw new UsageError(
    `The plan does not know ${paths.map(pathText).join(", ")} of ${labelOf(object)}, which decide about its sidecar. Assume a value: see docs/assumptions.md.`,
  );
}

function unknownIn(value: unknown, path: PropertyPath): readonly PropertyPath[] {
  if (isUnknownText(value)) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([step, below]) => unknownIn(below, [...path, step]));
}
