import type { PlannedResource, PolicyViolation } from "./plan.ts";
import { providerUrn } from "./urn.ts";
import type { Urn } from "./urn.ts";

/**
 * Sorts resources so that dependencies come first; ties are broken by URN. The order of registration depends on timing,
 * but this order does not, so two previews of a program can be compared byte by byte.
 */
export function sortByDependency(resources: Iterable<PlannedResource>): PlannedResource[] {
  const sorted = [...resources].sort((a, b) => compareText(a.urn, b.urn));
  const byUrn = new Map(sorted.map((resource) => [resource.urn, resource]));
  const seen = new Set<Urn>();
  const ordered: PlannedResource[] = [];

  for (const root of sorted) {
    if (seen.has(root.urn)) continue;
    // Depth first without recursion, because a program may have a chain of ten thousand
    // dependencies.
    const open = [frame(root)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.needs.pop();
      if (next === undefined) {
        open.pop();
        ordered.push(top.resource);
      } else if (!seen.has(next)) {
        const needed = byUrn.get(next);
        if (needed !== undefined) open.push(frame(needed));
      }
    }
  }
  return ordered;

  function frame(resource: PlannedResource) {
    seen.add(resource.urn);
    return { resource, needs: needs(resource) };
  }
}

/** The resources that must exist first; the last one is visited first. */
function needs(resource: PlannedResource): Urn[] {
  return [
    ...[...resource.dependencies].sort((a, b) => compareText(b, a)),
    resource.options.deletedWith,
    providerUrn(resource.provider),
    resource.parent,
  ];
}

/** Mandatory first, then by rule, resource and message. */
export function sortForReport(violations: Iterable<PolicyViolation>): PolicyViolation[] {
  const key = (v: PolicyViolation) =>
    [v.enforcementLevel === "mandatory" ? 0 : 1, v.policy, v.urn ?? "", v.message].join("\n");
  return [...violations].sort((a, b) => compareText(key(a), key(b)));
}

/** By code unit, the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
