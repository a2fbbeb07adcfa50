import { resolve } from "node:path";
import { displayName } from "../displayName.ts";
import type { Unread } from "../manifest.ts";
import { readManifestText } from "../manifestText.ts";
import { buildKustomization } from "../tools/kustomize.ts";
import type { KustomizeOptions } from "../tools/kustomize.ts";
import { isRendered } from "../tools/rendered.ts";
import type { Unit } from "../variants.ts";
import { kustomizationIn } from "./kustomization.ts";
import { Sources } from "./sources.ts";

/** What Kustomize makes of a directory, or why it makes nothing. */
export async function buildUnit(
  directory: string,
  options: KustomizeOptions = {},
): Promise<Unit | Unread> {
  const built = await buildKustomization(resolve(directory), options);
  const name = displayName(resolve(directory));
  if (!isRendered(built)) {
    const { reason, fix } = built;
    return {
      file: displayName(kustomizationIn(directory)?.file ?? directory),
      reason,
      fix: fix ?? "Correct the kustomization.",
      // Otherwise, the tool is missing or would need the network.
      broken: fix === undefined,
    };
  }
  const sources = new Sources(directory);
  const { manifests } = readManifestText(built.text, name);
  return {
    name,
    manifests: manifests.map((manifest) => ({ ...manifest, origin: sources.originOf(manifest) })),
  };
}
