import type { PlannedResource } from "../../offline/plan/plan.ts";
import type { Urn } from "../../offline/plan/urn.ts";

/**
 * The resources, each followed by those below it. A plan has them as the program registers them, where the parts of
 * several components take turns.
 */
export function treeOrder(resources: readonly PlannedResource[]): readonly PlannedResource[] {
  const urns = new Set(resources.map(({ urn }) => urn));
  const below = new Map<Urn, PlannedResource[]>();
  for (const resource of resources) {
    const parent = urns.has(resource.parent) ? resource.parent : "";
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [resource]);
    else siblings.push(resource);
  }
  const from = (parent: Urn): readonly PlannedResource[] =>
    (below.get(parent) ?? []).flatMap((resource) => [resource, ...from(resource.urn)]);
  const ordered = from("");
  // A file may say that resources are below each other.
  const reached = new Set(ordered);
  return [...ordered, ...resources.filter((resource) => !reached.has(resource))];
}
