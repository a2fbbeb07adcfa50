import type { Manifest, Unread } from "../manifest.ts";
import { fluxKustomizationOf } from "./kustomization.ts";

/**
 * Kustomizations of one cluster that wait for others that never become ready: those that do not exist, or themselves.
 *
 * @param others whether the cluster may have Kustomizations that are not given
 */
export function dependencyProblems(
  cluster: readonly Manifest[],
  others: boolean,
): readonly Unread[] {
  const all = cluster.map(fluxKustomizationOf).filter((one) => one !== undefined);
  const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
    `${namespace}/${name}`;
  const byKey = new Map(all.map((one) => [keyOf(one), one]));
  const waitsForItself = (start: string): boolean => {
    const seen = new Set<string>();
    const reached = [...(byKey.get(start)?.dependsOn ?? [])].map(keyOf);
    for (let key = reached.pop(); key !== undefined; key = reached.pop()) {
      if (key === start) return true;
      if (seen.has(key)) continue;
      seen.add(key);
      reached.push(...(byKey.get(key)?.dependsOn ?? []).map(keyOf));
    }
    return false;
  };
  return all.flatMap((one) => {
    const { manifest, name, dependsOn } = one;
    const missing = dependsOn.flatMap((needed, index) =>
      others || byKey.has(keyOf(needed))
        ? []
        : [
            {
              ...manifest.origin.at(["spec", "dependsOn", index, "name"]),
              reason: `spec.dependsOn[${index}] is Kustomization ${JSON.stringify(keyOf(needed))}, which does not exist, so Flux never applies Kustomization ${JSON.stringify(name)}.`,
              fix: "Name an existing Kustomization and its namespace, or remove the dependency.",
              broken: true,
            },
          ],
    );
    if (!waitsForItself(keyOf(one))) return missing;
    return [
      ...missing,
      {
        ...manifest.origin.at(["spec", "dependsOn"]),
        reason: `Kustomization ${JSON.stringify(name)} waits for itself through spec.dependsOn, so Flux never applies it.`,
        fix: "Remove one of the dependencies.",
        broken: true,
      },
    ];
  });
}
