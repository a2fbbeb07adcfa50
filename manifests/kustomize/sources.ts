import { statSync } from "node:fs";
import { resolve } from "node:path";
import { displayName } from "../displayName.ts";
import { MANIFEST } from "../files.ts";
import { isRecord } from "../manifest.ts";
import type { Manifest, Origin } from "../manifest.ts";
import { readManifestFile } from "../manifestFile.ts";
import { kustomizationIn } from "./kustomization.ts";

/** The objects and patches of a directory, by kind and name: those of overlays first. */
export class Sources {
  readonly #byName = new Map<string, Manifest[]>();
  readonly #fallback: Origin;

  constructor(directory: string, fallback?: Origin) {
    const file = kustomizationIn(directory)?.file ?? directory;
    const place = { file: displayName(file), line: 1, column: 1 };
    this.#fallback = fallback ?? { file: place.file, at: () => place };
    for (const manifest of manifestsOf([directory])) {
      const key = keyOf(manifest);
      this.#byName.set(key, [...(this.#byName.get(key) ?? []), manifest]);
    }
  }

  /** Where an object of the result was written: each field where the last overlay sets it. */
  originOf({ kind, name }: Pick<Manifest, "kind" | "name">): Origin {
    const sources = this.#byName.get(keyOf({ kind, name })) ?? [];
    const [first] = sources;
    if (first === undefined) return this.#fallback;
    const base = sources.findLast(({ object }) => isRecord(object["metadata"])) ?? first;
    const deepest = (steps: readonly (string | number)[]) =>
      steps.length === 0
        ? base
        : sources.reduce((best, one) =>
            depthOf(one.object, steps) > depthOf(best.object, steps) ? one : best,
          );
    return {
      file: base.origin.file,
      at: (steps) => deepest(steps).origin.at(steps),
    };
  }
}

function keyOf({ kind, name }: Pick<Manifest, "kind" | "name">): string {
  return `${kind}/${name ?? ""}`;
}

/** The objects and patches of files and directories, with those that their Kustomize files refer to. */
function manifestsOf(paths: readonly string[], seen = new Set<string>()): readonly Manifest[] {
  return paths.flatMap((path) => {
    const absolute = resolve(path);
    if (seen.has(absolute)) return [];
    seen.add(absolute);
    if (statSync(absolute).isDirectory()) {
      const references = kustomizationIn(absolute)?.references ?? [];
      // Patches and resources of the overlay itself come before those of its bases.
      const [folders, files] = [true, false].map((wanted) =>
        references.filter((one) => statSync(one).isDirectory() === wanted),
      );
      return [...manifestsOf(files ?? [], seen), ...manifestsOf(folders ?? [], seen)];
    }
    if (!MANIFEST.test(absolute)) return [];
    return readManifestFile(absolute, displayName(absolute)).manifests;
  });
}

/** How many of the steps an object contains. */
function depthOf(object: unknown, steps: readonly (string | number)[]): number {
  let value = object;
  for (const [depth, step] of steps.entries()) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return depth;
    value = Reflect.get(value, step);
  }
  return steps.length;
}
