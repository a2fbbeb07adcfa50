import type { NotRendered } from "../../manifests/tools/rendered.ts";
import { withoutCredentials } from "../../manifests/tools/withoutCredentials.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { containsUnknown } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** The Kubernetes objects that a resource creates, or why they are not known. */
export type Contents = { readonly objects: readonly JsonObject[] } | NotRendered;

/** What a provider knows besides the inputs of a resource. */
export interface ReadingContext {
  /** The directory that relative paths start from: that of the program. */
  readonly directory: string;
  /** The namespace of objects that name none. */
  readonly namespace: string;
}

/** Reads the contents of a resource from its inputs, which have no secret marks. */
export type Reader = (
  inputs: Properties,
  context: ReadingContext,
  /** The resource's. */
  name: string,
) => Contents | Promise<Contents>;

/** The reason if some inputs of a resource are unknown. */
export function unknownInputs(
  inputs: Properties,
  ...names: readonly string[]
): NotRendered | undefined {
  const unknown = names.filter((name) => containsUnknown(inputs[name] ?? null));
  if (unknown.length === 0) return undefined;
  return {
    reason: `${unknown.join(" and ")} ${unknown.length === 1 ? "is" : "are"} known only after deployment.`,
  };
}

/** The reason if some of the paths are URLs: the provider takes everything that begins with a scheme for one. */
export function notFetched(paths: readonly string[]): NotRendered | undefined {
  const urls = paths.filter((path) => /^[a-z][a-z0-9+.-]*:/i.test(path));
  if (urls.length === 0) return undefined;
  return {
    reason: `A preview does not fetch ${withoutCredentials(urls.join(" and "))}.`,
    fix: "Store it in the program's directory, and read it from there.",
  };
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
