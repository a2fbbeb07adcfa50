import type { Properties, Value } from "../../offline/plan/values.ts";
import { guidOf, suffixOf } from "./identifiers.ts";

/**
 * The defaults of the provider: the name (the logical name with eight random digits, the
 * logical name alone for a child of another resource, or a GUID) and the location of the stack.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
export function withDefaults(
  path: string,
  name: string,
  news: Properties,
  {
    olds,
    seed,
    location,
  }: {
    readonly olds: Properties | undefined;
    readonly seed: string;
    readonly location: string | undefined;
  },
): Properties {
  const parameter = /\{(\w+)\}$/.exec(path)?.[1] ?? "name";
  const filled: Record<string, Value> = { ...news };
  if (news[parameter] === undefined) {
    const kept = olds?.[parameter];
    const flag = olds?.["__createBeforeDelete"];
    filled[parameter] = kept ?? autoName(path, name, seed);
    if (kept === undefined ? !isChild(path) : flag === true) filled["__createBeforeDelete"] = true;
  }
  if (news["location"] === undefined && hasLocation(path)) {
    const chosen = olds?.["location"] ?? location;
    if (chosen !== undefined) filled["location"] = chosen;
  }
  return filled;
}

function autoName(path: string, name: string, seed: string): string {
  if (path.endsWith("/{roleAssignmentName}")) return guidOf(seed);
  return isChild(path) ? name : `${name}${suffixOf(seed, 8)}`;
}

/** Whether it is a child of another resource. */
function isChild(path: string): boolean {
  const [, ...ofProviders] = path.split("/providers/");
  return (ofProviders.at(-1)?.split("/").length ?? 0) > 3;
}

/** A child or an extension of another resource is in the location of that resource. */
function hasLocation(path: string): boolean {
  const isExtension = path.startsWith("/{") || path.split("/providers/").length > 2;
  return !isExtension && !isChild(path);
}
