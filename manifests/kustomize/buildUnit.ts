import { resolve } from "node:path";
import { displayName } from "../displayName.ts";
import type { Origin, Unread } from "../manifest.ts";
import { TEMPLATE, readManifestText, templateAt } from "../manifestText.ts";
import { buildKustomization } from "../tools/kustomize.ts";
import { isRendered } from "../tools/rendered.ts";
import type { Unit } from "../variants.ts";
import { kustomizationIn } from "./kustomization.ts";
import { Sources } from "./sources.ts";

/** Builds Kustomize directories, each once: several Kustomizations of Flux may apply the same one. */
export class KustomizeBuilds {
  readonly #built = new Map<string, Promise<Unit | Unread>>();

  of(directory: string): Promise<Unit | Unread> {
    const known = this.#built.get(directory) ?? buildUnit(directory);
    this.#built.set(directory, known);
    return known;
  }
}

/**
 * What Kustomize makes of a directory, or why it makes nothing.
 *
 * @param fallback where objects are that no file of the directory has; by default, in its Kustomize file
 */
export async function buildUnit(directory: string, fallback?: Origin): Promise<Unit | Unread> {
  const built = await buildKustomization(resolve(directory), {
    // As Flux does: bases may share files.
    anyFile: true,
  });
  const name = displayName(resolve(directory));
  if (!isRendered(built)) {
    const { file = directory, text = "" } = kustomizationIn(directory) ?? {};
    if (TEMPLATE.test(text)) return templateAt(displayName(file));
    const { reason, fix } = built;
    return {
      file: displayName(file),
      reason,
      fix: fix ?? "Correct the kustomization.",
      // Otherwise, the tool is missing or would need the network.
      broken: fix === undefined,
    };
  }
  const sources = new Sources(directory, fallback);
  const { manifests, unread } = readManifestText(built.text, name, { isRendered: true });
  const [invalid] = unread;
  if (invalid !== undefined) {
    return { ...invalid, reason: `What Kustomize makes of it cannot be read. ${invalid.reason}` };
  }
  return {
    name,
    path: resolve(directory),
    manifests: manifests.map((manifest) => ({ ...manifest, origin: sources.originOf(manifest) })),
  };
}
