import type { Manifest } from "../manifest.ts";

/** The object of a kind and name; of several, such as those of two clusters, the one whose file is closest to another object's. */
export function closestObject(
  known: readonly Manifest[],
  { kind, namespace, name }: Pick<Manifest, "kind" | "name"> & { readonly namespace: string },
  beside: Manifest,
): Manifest | undefined {
  return (
    known
      .filter((one) => one.kind === kind && one.name === name)
      // A Kustomize file may set the namespace.
      .filter((one) => (one.namespace ?? namespace) === namespace)
      .sort((a, b) => sharedLength(b, beside) - sharedLength(a, beside))[0]
  );
}

/** The length of the path that the files of two objects share. */
function sharedLength({ origin: a }: Manifest, { origin: b }: Manifest): number {
  let length = 0;
  while (length < a.file.length && a.file[length] === b.file[length]) length++;
  return length;
}
