import { identityOf } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { clustersOf } from "../../manifests/variants.ts";
import type { Unit } from "../../manifests/variants.ts";
import { UsageError } from "../../offline/errors.ts";

/**
 * The objects of one cluster.
 *
 * @throws UsageError if there are different objects with the same name, as in overlays for several clusters
 */
export function inOneCluster(units: readonly Unit[]): readonly Manifest[] {
  const [first = [], ...others] = clustersOf(units);
  if (others.length === 0) {
    requireOnce(first);
    return first;
  }
  const all = [first, ...others].flat();
  const twice = all.find(
    (one, index) =>
      all.findIndex((other) => identityOf(other) === identityOf(one) && other !== one) > index,
  );
  const places = all
    .filter((one) => twice !== undefined && identityOf(one) === identityOf(twice))
    .map(({ origin }) => origin.at([]).file);
  throw new UsageError(
    `The files describe ${others.length + 1} clusters: the ${twice?.kind ?? "object"} ${twice?.name ?? ""} differs between ${[...new Set(places)].join(" and ")}. Pass the files of one cluster.`,
  );
}

/** Of an object that is written twice, the cluster has the one that was applied last, which files do not tell. */
function requireOnce(manifests: readonly Manifest[]): void {
  const places = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const identity = identityOf(manifest);
    if (identity !== undefined) places.set(identity, [...(places.get(identity) ?? []), manifest]);
  }
  const twice = [...places.values()].filter((all) => all.length > 1);
  if (twice.length === 0) return;
  throw new UsageError(
    twice
      .map((all) => {
        const where = all
          .map(({ origin }) => origin.at([]))
          .map(({ file, line }) => `${file}:${line}`);
        return `The ${all[0]?.kind ?? ""} ${all[0]?.name ?? ""} is written differently in ${where.join(" and ")}. Keep the one that is in the cluster.`;
      })
      .join("\n"),
  );
}
