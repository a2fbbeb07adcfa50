import type { PlannedResource } from "../../offline/plan/plan.ts";
import { urnOf } from "../../offline/plan/urn.ts";
import type { StackIdentity, Urn } from "../../offline/plan/urn.ts";

/** A resource of the earlier plan, and the one that it is now. */
export interface Match {
  readonly before: PlannedResource;
  readonly after: PlannedResource;
}

/**
 * Finds what became of the resources of a plan: those with the same URN, else those that an alias names. A child follows
 * its parent, as in the engine.
 *
 * @param after parents before their children
 * @see https://www.pulumi.com/docs/iac/concepts/options/aliases/
 */
export function matchesOf(
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  identity: StackIdentity,
): readonly Match[] {
  const left = new Map(before.map((resource) => [resource.urn, resource]));
  const kept = new Set(after.map(({ urn }) => urn).filter((urn) => left.has(urn)));
  const earlier = new Map<Urn, PlannedResource>();
  return after.flatMap((resource) => {
    const candidates = kept.has(resource.urn)
      ? [resource.urn]
      : aliasesOf(resource, earlier.get(resource.parent), identity).filter((urn) => !kept.has(urn));
    const was = candidates.map((urn) => left.get(urn)).find((found) => found !== undefined);
    if (was === undefined) return [];
    left.delete(was.urn);
    earlier.set(resource.urn, was);
    return [{ before: was, after: resource }];
  });
}

/**
 * The URNs that a resource may have had: its own aliases, and each of its names below what its parent was. A name that
 * begins with that of its parent changes with it.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go `inheritedChildAlias`
 */
function aliasesOf(
  { urn, type, name, parent, options: { aliases } }: PlannedResource,
  parentBefore: PlannedResource | undefined,
  identity: StackIdentity,
): readonly Urn[] {
  if (parentBefore === undefined || parentBefore.urn === parent) return aliases;
  const now = partsOf(parent);
  const follows = (own: { readonly type: string; readonly name: string }) => {
    const renamed = own.name.startsWith(now.name)
      ? parentBefore.name + own.name.slice(now.name.length)
      : own.name;
    return [renamed, own.name].map((one) => urnOf(identity, own.type, one, parentBefore.urn));
  };
  const others = aliases.filter((alias) => alias !== urn).map(partsOf);
  return [...aliases, ...[{ type, name }, ...others].flatMap(follows)];
}

function partsOf(urn: Urn): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? types, name: name.join("::") };
}
