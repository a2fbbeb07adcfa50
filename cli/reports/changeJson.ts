import type { Change, ChangedOne, ChangedResource, PropertyChange } from "../change/change.ts";
import { pathText } from "../change/propertyPath.ts";
import type { ValueChange } from "../change/valueChanges.ts";
import type { Comparison } from "./comparison.ts";

/** The field `change` of a plan. */
export function changeField({ name, commit, notes, change }: Comparison): object {
  const { added, removed, changed, uncompared, violations, notJudged }: Change = change;
  return {
    against: { name, ...(commit === undefined ? {} : { commit }) },
    notes,
    added: added.map(oneField),
    removed: removed.map(oneField),
    changed: changed.map(resourceField),
    mayHaveChanged: uncompared.map(({ urn, path }) => ({ urn, path: pathText(path) })),
    policyViolations: violations,
    notJudged,
  };
}

function oneField({ resource: { urn, type }, isContent }: ChangedOne): object {
  return { urn, type, ...(isContent ? { content: true } : {}) };
}

function resourceField(changed: ChangedResource): object {
  const { before, resource, options, properties, warning } = changed;
  return {
    ...oneField(changed),
    ...(before.urn === resource.urn ? {} : { was: before.urn }),
    ...(warning === undefined ? {} : { warning }),
    ...(options.length === 0 ? {} : { options: options.map(valueField) }),
    properties: properties.map(propertyField),
  };
}

function valueField({ path, ...sides }: ValueChange): object {
  return { path: pathText(path), ...sides };
}

function propertyField({ mayReplace, isIgnored, ...change }: PropertyChange): object {
  return {
    ...valueField(change),
    ...(mayReplace === undefined ? {} : { mayReplace }),
    ...(isIgnored === undefined ? {} : { ignored: true }),
  };
}
