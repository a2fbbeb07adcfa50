import { identityOf } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

/** Objects that one source creates together: a file, or what Kustomize, Helm or Flux makes of a directory. */
export interface Unit {
  readonly name: string;
  /** The file or the directory, absolute; absent for standard input. */
  readonly path?: string | undefined;
  readonly manifests: readonly Manifest[];
}

/**
 * The objects that may be in one cluster together. Two different objects with the same name, such as those of overlays
 * for two environments, are for different clusters: each cluster gets one of them, and everything that occurs once.
 */
export function clustersOf(units: readonly Unit[]): readonly (readonly Manifest[])[] {
  const variants = new Map<string, Set<string>>();
  for (const { manifests } of units) {
    for (const [identity, text] of textsOf(manifests)) {
      variants.set(identity, (variants.get(identity) ?? new Set()).add(text));
    }
  }
  const isVariant = ({ manifests }: Unit) =>
    [...textsOf(manifests).keys()].some((identity) => (variants.get(identity)?.size ?? 0) > 1);

  const shared = units.filter((unit) => !isVariant(unit));
  const clusters: { readonly texts: Map<string, string>; readonly units: Unit[] }[] = [];
  for (const unit of units.filter(isVariant)) {
    const texts = textsOf(unit.manifests);
    const fits = ({ texts: taken }: (typeof clusters)[number]) =>
      [...texts].every(([identity, text]) => (taken.get(identity) ?? text) === text);
    const cluster = clusters.find(fits);
    if (cluster === undefined) clusters.push({ texts, units: [unit] });
    else {
      for (const [identity, text] of texts) cluster.texts.set(identity, text);
      cluster.units.push(unit);
    }
  }
  const all = clusters.length === 0 ? [shared] : clusters.map((one) => [...shared, ...one.units]);
  return all.map((members) => distinct(members.flatMap(({ manifests }) => manifests)));
}

/** The objects without exact repetitions, which several sources may contain. */
function distinct(manifests: readonly Manifest[]): readonly Manifest[] {
  const seen = new Set<string>();
  return manifests.filter((manifest) => {
    const identity = identityOf(manifest);
    if (identity === undefined) return true;
    const key = identity + textOf(manifest);
    return !seen.has(key) && seen.add(key);
  });
}

/** The named objects of a unit: their identities with their contents. */
function textsOf(manifests: readonly Manifest[]): Map<string, string> {
  return new Map(
    manifests.flatMap((manifest) => {
      const identity = identityOf(manifest);
      return identity === undefined ? [] : [[identity, textOf(manifest)] as const];
    }),
  );
}

const texts = new WeakMap<Manifest, string>();

function textOf(manifest: Manifest): string {
  const known = texts.get(manifest);
  if (known !== undefined) return known;
  const text = JSON.stringify(manifest.object, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  texts.set(manifest, text);
  return text;
}
