import { statSync } from "node:fs";
import type { KustomizeBuilds } from "../kustomize/buildUnit.ts";
import { identityOf, isRecord } from "../manifest.ts";
import type { Manifest, Unread } from "../manifest.ts";
import { readFluxDirectory } from "./directory.ts";
import { MalformedSubstitution, SubstitutionError } from "./envsubst.ts";
import { fluxKustomizationOf } from "./kustomization.ts";
import type { FluxKustomization } from "./kustomization.ts";
import type { Repository } from "./repository.ts";
import { substituted, variablesOf } from "./variables.ts";
import type { Variables } from "./variables.ts";

/** The tree that Flux applies. */
export interface FluxTree {
  readonly repository: Repository;
  readonly builds: KustomizeBuilds;
  /** An object of the tree, for variables from ConfigMaps and Secrets; of several, the one closest to another object. */
  readonly find: (
    kind: string,
    namespace: string,
    name: string,
    beside: Manifest,
  ) => Manifest | undefined;
}

/** What Flux applies. */
export interface Applied {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
}

const NOTHING: Applied = { manifests: [], unread: [] };

/** The directory that a Kustomization applies; undefined if another repository contains it. */
export function directoryOf(
  { path, source }: FluxKustomization,
  repository: Repository,
): string | undefined {
  if (repository.isForeign(source)) return undefined;
  return repository.pathOf(path);
}

/**
 * The objects that a Kustomization applies, and those that its own Kustomizations apply in turn.
 *
 * @param above the Kustomizations that led to this one, by their identities
 */
export async function applied(
  manifest: Manifest,
  tree: FluxTree,
  above: ReadonlySet<string> = new Set(),
): Promise<Applied> {
  const kustomization = fluxKustomizationOf(manifest);
  const identity = identityOf(manifest) ?? "";
  if (kustomization === undefined || above.has(identity)) return NOTHING;
  const { repository, find, builds } = tree;
  const directory = directoryOf(kustomization, repository);
  // The policies report that nobody sees what it applies.
  if (directory === undefined) return NOTHING;
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const known = repository.isOwn(kustomization.source);
    return known ? { manifests: [], unread: [missingPath(kustomization)] } : NOTHING;
  }
  const { unit, unread } = await readFluxDirectory(directory, kustomization, builds);
  const variables = variablesOf(kustomization, (kind, name) =>
    find(kind, kustomization.namespace, name, manifest),
  );
  const problems: Unread[] = [];
  const own = unit.manifests.flatMap((one) => {
    try {
      return [{ ...finished(one, kustomization, variables), source: identity }];
    } catch (error) {
      if (!(error instanceof SubstitutionError)) throw error;
      // Its contents are secret.
      const hidden = one.kind === "Secret" && error instanceof MalformedSubstitution;
      const message = hidden
        ? "a value is not a substitution that Flux understands"
        : error.message;
      problems.push(unsubstituted(one, kustomization, message));
      return [];
    }
  });
  const path = new Set([...above, identity]);
  const below = await Promise.all(own.map((one) => applied(one, tree, path)));
  return {
    manifests: [...own, ...below.flatMap(({ manifests }) => manifests)],
    unread: [...unread, ...problems, ...below.flatMap((one) => one.unread)],
  };
}

/** An object as Flux applies it. */
function finished(
  manifest: Manifest,
  { spec }: FluxKustomization,
  variables: Variables | undefined,
): Manifest {
  const object =
    variables === undefined ? manifest.object : substituted(manifest.object, variables);
  const { commonMetadata } = spec;
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const common = isRecord(commonMetadata)
    ? Object.fromEntries(
        ["labels", "annotations"].flatMap((key) => {
          const [before, added] = [metadata[key], commonMetadata[key]];
          return isRecord(added) ? [[key, { ...(isRecord(before) ? before : {}), ...added }]] : [];
        }),
      )
    : {};
  const whole = { ...object, metadata: { ...metadata, ...common } };
  const { name, namespace } = whole.metadata as { name?: unknown; namespace?: unknown };
  return {
    ...manifest,
    object: whole,
    name: typeof name === "string" ? name : manifest.name,
    namespace: typeof namespace === "string" ? namespace : manifest.namespace,
  };
}

function missingPath({ manifest, path }: FluxKustomization): Unread {
  return {
    ...manifest.origin.at(["spec", "path"]),
    reason: `spec.path is ${JSON.stringify(path)}, which is not a directory of this repository, so Flux applies nothing.`,
    fix: "Correct the path, which starts at the root of the repository.",
    broken: true,
  };
}

function unsubstituted(
  { kind, name = "", origin }: Manifest,
  { name: of }: FluxKustomization,
  message: string,
): Unread {
  return {
    ...origin.at([]),
    reason: `${kind} ${JSON.stringify(name)}: ${message}, so Flux applies nothing of Kustomization ${JSON.stringify(of)}.`,
    fix: "Set the variable in postBuild.substitute of the Kustomization, give it a default as ${name:=default}, or write $$ for a dollar sign.",
    broken: true,
  };
}
