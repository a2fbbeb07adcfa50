import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../../mesh/names.ts";
import { listAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";

/** The labels of a namespace that decide about injection. */
export const INJECTION_LABELS: readonly string[] = [REVISION_LABEL, LEGACY_INJECTION_LABEL];

/**
 * The latest moment at which the labels of a namespace that decide about injection can have been set: when their
 * managers last changed any of their fields. RFC 3339; undefined if the object does not say, as without
 * `--show-managed-fields`.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function labelledAt({ metadata }: ClusterObject): string | undefined {
  const times = listAt(metadata, "managedFields")
    .filter((entry) =>
      INJECTION_LABELS.some(
        (label) => valueAt(entry, "fieldsV1", "f:metadata", "f:labels", `f:${label}`) !== undefined,
      ),
    )
    .flatMap((entry) => textAt(entry, "time") ?? []);
  return times.sort().at(-1);
}
