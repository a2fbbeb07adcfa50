import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Workload } from "./objects.ts";

const LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/**
 * The mesh's containers, which a template contains if its sidecar was injected manually or is customized. Istio
 * defines their settings.
 */
const INJECTED: readonly unknown[] = ["istio-proxy", "istio-init", "istio-validation"];

/** The containers of a workload's pods without those of the mesh; from all lists unless some are named. */
export function containersOf(
  { template }: Workload,
  ...lists: (typeof LISTS)[number][]
): readonly Cursor[] | Unknown {
  const containers: Cursor[] = [];
  for (const list of lists.length === 0 ? LISTS : lists) {
    const items = template("spec", list).items();
    if (items instanceof Unknown) return items;
    containers.push(...(items ?? []));
  }
  return containers.filter((place) => !INJECTED.includes(place.at("name").text()));
}
