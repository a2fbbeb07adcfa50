import { resolve } from "node:path";
import type { KustomizeBuilds } from "../kustomize/buildUnit.ts";
import { identityOf } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";
import type { Tree } from "../tree.ts";
import type { Unit } from "../variants.ts";
import { applied, directoryOf } from "./apply.ts";
import { withReleases } from "./helmRelease.ts";
import { fluxKustomizationOf } from "./kustomization.ts";
import { Repository } from "./repository.ts";

/** A Kustomization of Flux, and where it was found and leads to. */
interface Step {
  readonly unit: Unit;
  readonly manifest: Manifest;
  readonly directory: string;
}

/**
 * Adds what Flux applies from a tree. A file or directory that a Kustomization applies is read as Flux reads it, and not
 * on its own.
 */
export async function withFlux(path: string, tree: Tree, builds: KustomizeBuilds): Promise<Tree> {
  const all = tree.units.flatMap(({ manifests }) => manifests);
  const repository = Repository.around(path).knowing(all);
  const steps = tree.units.flatMap((unit) =>
    unit.manifests.flatMap((manifest): Step[] => {
      const kustomization = fluxKustomizationOf(manifest);
      const directory = kustomization && directoryOf(kustomization, repository);
      return directory === undefined ? [] : [{ unit, manifest, directory }];
    }),
  );
  if (steps.length === 0) return withReleases(tree, repository);

  const units: Unit[] = [];
  const secrets = [...tree.secrets];
  // What Flux reads, it reports itself.
  const ownUnread = tree.unread.filter(
    ({ file }) => !steps.some((step) => contains(step, { path: resolve(file) })),
  );
  const unread = new Map(ownUnread.map((one) => [JSON.stringify(one), one]));
  for (const unit of tree.units) {
    const own = steps.filter((step) => step.unit === unit);
    const appliedBy = steps.filter((step) => contains(step, unit));
    const isEntry = appliedBy.every((step) => own.includes(step) || isBelow(step, own));
    if (!isEntry) continue;
    const result = await applied(
      own.map(({ manifest }) => manifest),
      { repository, builds, known: all },
    );
    const { manifests: followed } = result;
    secrets.push(...result.secrets);
    // An entry that applies itself is among what it applies.
    const again = new Set(followed.map(identityOf));
    const manifests = unit.manifests.filter((one) => !again.has(identityOf(one)));
    if (manifests.length + followed.length > 0) {
      units.push({ ...unit, manifests: [...manifests, ...followed] });
    }
    for (const one of result.unread) unread.set(JSON.stringify(one), one);
  }
  return withReleases({ ...tree, units, unread: [...unread.values()], secrets }, repository);
}

/** Whether a Kustomization applies the file or the directory of a unit. */
function contains({ directory }: Step, { path }: Pick<Unit, "path">): boolean {
  return path !== undefined && (path === directory || path.startsWith(`${directory}/`));
}

/** Whether other Kustomizations apply the one of a step in turn. */
function isBelow({ unit }: Step, others: readonly Step[]): boolean {
  return others.some((other) => contains(other, unit));
}
