import { dirname, posix } from "node:path";
import type { Manifest } from "../../manifests/manifest.ts";
import { listAt } from "../../operate/cluster/clusterObject.ts";
import { blocker, note } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { isKustomization, referencesOf } from "./kustomize.ts";

/** What a Kustomize file builds upon. */
const SOURCES: readonly string[] = ["resources", "components", "bases"];

/** The Kustomize files, by their directories. */
export type Directories = ReadonlyMap<string, Manifest>;

export function directoriesOf(manifests: readonly Manifest[]): Directories {
  return new Map(
    manifests.filter(isKustomization).map((one) => [dirname(normalizedFile(one)), one] as const),
  );
}

/** The file of an object as Kustomize files refer to it. */
export function normalizedFile({ origin }: Pick<Manifest, "origin">): string {
  return posix.normalize(origin.file);
}

/** The files that a Kustomize file puts into its namespace: itself, and what it names, through directories too. */
export function filesOf(
  kustomization: Manifest,
  directories: Directories,
  found = new Set<string>(),
): ReadonlySet<string> {
  const file = normalizedFile(kustomization);
  if (found.has(file)) return found;
  found.add(file);
  for (const { at, path } of referencesOf(kustomization)) {
    if (!SOURCES.includes(String(at[0]))) continue;
    const below = directories.get(path);
    if (below === undefined) found.add(path);
    else filesOf(below, directories, found);
  }
  return found;
}

/**
 * What a Kustomize file builds upon that was not read: remote bases, and others outside of the input.
 *
 * @param read the normalized names of the files that were read
 * @param isOfMesh whether it sets a namespace of the own Istio
 */
export function unfollowedFindings(
  kustomization: Manifest,
  directories: Directories,
  read: ReadonlySet<string>,
  isOfMesh: boolean,
): readonly Finding[] {
  const followed = new Set(
    referencesOf(kustomization)
      .filter(({ path }) => directories.has(path) || read.has(path))
      .map(({ at }) => at.join(".")),
  );
  return SOURCES.flatMap((field) =>
    listAt(kustomization.object, field).flatMap((item, index) => {
      const named = String(item);
      if (named.includes("\n") || followed.has(`${field}.${index}`)) return [];
      const message = `${named} is not among the files, so it was not judged.`;
      const fix = `Pass its files with -f, too, or what comes of it: kubectl kustomize DIRECTORY | npx aks-istio migrate-istio -f -`;
      const say = isOfMesh || /istio/i.test(named) ? blocker : note;
      return [say([field, index], message, fix)];
    }),
  );
}
