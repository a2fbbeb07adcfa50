import { resolve } from "node:path";
import { displayName } from "../../manifests/displayName.ts";
import { identityOf } from "../../manifests/manifest.ts";
import type { Manifest, Origin, Place, Unread } from "../../manifests/manifest.ts";
import { typeToken } from "../../manifests/objects.ts";
import { inNamespace } from "../../manifests/scopes.ts";
import { isUnknownText, shownText } from "../../manifests/unknownText.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import { toJson } from "../../yaml/json.ts";
import type { JsonObject } from "../../yaml/json.ts";
import type { Registry } from "../engine/registry.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { SecretMask } from "../plan/secretMask.ts";
import { markTexts } from "../plan/values.ts";
import { childGoal } from "./childGoal.ts";
import { withSecretData } from "./children.ts";
import { fromUnknownTexts } from "./unknownTexts.ts";

export interface FluxOwner {
  readonly registry: Registry;
  /** The Flux configuration. */
  readonly resource: PlannedResource;
  /** Texts that are secret wherever they occur. */
  readonly secrets: readonly string[];
  /** Places are relative to it. */
  readonly directory: string;
}

/**
 * Adds objects that Flux applies to the contents of a plan, each below the object that applies it. An object whose parts
 * could not all be read gets no parts, so for the policies it creates objects that they do not see.
 *
 * @param manifests an object comes after the one that applies it
 */
export async function addFluxObjects(
  manifests: readonly Manifest[],
  { registry, resource, secrets, directory }: FluxOwner,
): Promise<void> {
  // Flux creates them on the cluster of the configuration, as a provider does.
  const owner = { ...resource, provider: `${resource.urn}::` };
  const added = new Map<string, PlannedResource>();
  const names = new Map<string, number>();
  const mask = new SecretMask(secrets);
  const objects = inNamespace(
    manifests.map(({ object }) => toJson(object as Yaml) as JsonObject),
    "default",
  );
  for (const [index, manifest] of manifests.entries()) {
    const type = typeToken(manifest.apiVersion, manifest.kind);
    const name = mask.hide(nameOf(manifest, resource));
    const number = (names.get(`${type} ${name}`) ?? 0) + 1;
    names.set(`${type} ${name}`, number);
    const parent =
      (manifest.source === undefined ? undefined : added.get(manifest.source)) ?? owner;
    const inputs = fromUnknownTexts(objects[index] ?? {}) as JsonObject;
    const child = {
      type,
      name: number === 1 ? name : `${name}#${number}`,
      inputs: markTexts(withSecretData(inputs), (text) => mask.hide(text) !== text),
      dependsOn: [],
      retainOnDelete: false,
    };
    const origin =
      manifest.origin.file === resource.urn
        ? {}
        : { origin: originFrom(directory, manifest.origin) };
    const goal = childGoal(child, parent, new Map());
    const content = await registry.addContent(goal, parent, origin);
    const identity = identityOf(manifest);
    // Without a name, nothing that it applies can be told.
    if (identity !== undefined) added.set(identity, content);
  }
}

/** As a release names its objects: `gitops:shop/cart`. */
function nameOf(
  { namespace, name = "unnamed" }: Manifest,
  { name: owner }: PlannedResource,
): string {
  return shownText(`${owner}:${namespace === undefined ? name : `${namespace}/${name}`}`);
}

/** The objects whose kind is known. If an object has no known name, others may be missing where they are applied. */
export function settled(manifests: readonly Manifest[]): {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
} {
  const isUnknown = ({ apiVersion, kind }: Manifest) => [apiVersion, kind].some(isUnknownText);
  const doubtful = manifests.filter(
    (one) => isUnknown(one) || [one.namespace, one.name].some(isUnknownText),
  );
  const partly = new Set(doubtful.map(({ source }) => source));
  return {
    manifests: manifests
      .filter((one) => !isUnknown(one))
      .map(({ source, ...one }) =>
        source === undefined || partly.has(source) ? one : { ...one, source },
      ),
    unread: manifests.filter(isUnknown).map(({ origin }) => ({
      ...origin.at([]),
      reason: "The kind of the object is known only after deployment.",
      fix: "Write the kind and the API version in the manifest.",
      broken: false,
    })),
  };
}

function originFrom(directory: string, { file, at }: Origin): Origin {
  return {
    file: displayName(resolve(file), directory),
    at: (steps) => placeFrom(directory, at(steps)),
  };
}

/** A place of the current directory as one of another directory. */
export function placeFrom(directory: string, { file, ...position }: Place): Place {
  return { file: displayName(resolve(file), directory), ...position };
}
