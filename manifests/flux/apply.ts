import { displayName } from "../displayName.ts";
import { entryAt } from "../entry.ts";
import type { KustomizeBuilds } from "../kustomize/buildUnit.ts";
import { identityOf, isRecord, manifestOf } from "../manifest.ts";
import type { Manifest, Unread } from "../manifest.ts";
import { readFluxDirectory } from "./directory.ts";
import { MalformedSubstitution, SubstitutionError } from "./envsubst.ts";
import { fluxKustomizationOf } from "./kustomization.ts";
import type { FluxKustomization } from "./kustomization.ts";
import type { Repository } from "./repository.ts";
import { substituted, variablesOf } from "./variables.ts";

/** The tree that Flux applies. */
export interface FluxTree {
  readonly repository: Repository;
  readonly builds: KustomizeBuilds;
  /** Objects besides those that Flux applies: its sources, and the ConfigMaps and Secrets that set variables. */
  readonly known: readonly Manifest[];
  /** Texts that are secret wherever they occur, besides the values of Secrets. */
  readonly secrets?: readonly string[];
}

/** What Flux applies. */
export interface Applied {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
  /** The values of secret variables, and what they became. */
  readonly secrets: readonly string[];
}

/** Far more than a cluster has. A Kustomization that applies itself under a name with a variable never ends. */
const MOST_LEVELS = 50;
const MOST_KUSTOMIZATIONS = 10_000;

/** In characters. */
const SHORTEST_SECRET = 3;

/** A Kustomization to apply. */
interface Step {
  readonly kustomization: FluxKustomization;
  readonly identity: string;
}

/** What a Kustomization applies, before substitution. */
interface ReadStep extends Step {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
}

/** The directory that a Kustomization applies; undefined if another repository contains it. */
export function directoryOf(
  { path, source }: FluxKustomization,
  repository: Repository,
): string | undefined {
  if (repository.isForeign(source)) return undefined;
  return repository.pathOf(path);
}

/**
 * The objects that Kustomizations apply, and those that their own Kustomizations apply in turn: level by level, because
 * the objects of one level may be sources and variables of the same level and of the next one.
 */
export async function applied(
  kustomizations: readonly Manifest[],
  { repository: own, builds, known: given, secrets: givenSecrets = [] }: FluxTree,
): Promise<Applied> {
  const all: Applied[] = [];
  const begun = new Set<string>();
  let known = given;
  // A shorter text occurs everywhere.
  let secrets = givenSecrets.filter(({ length }) => length >= SHORTEST_SECRET);
  let repository = own.knowing(given);
  let level = stepsOf(kustomizations, own, begun);
  for (let depth = 1; level.length > 0; depth++) {
    const steps = await Promise.all(level.map((step) => readStep(step, repository, builds)));
    const objects = steps.flatMap(({ manifests }) => manifests);
    known = [...known, ...objects];
    repository = repository.knowing(objects);
    const finished = steps.map((step) => finishedStep(step, known, secrets));
    all.push(...finished);
    secrets = [...new Set([...secrets, ...finished.flatMap((one) => one.secrets)])];
    level = stepsOf(
      finished.flatMap(({ manifests }) => manifests),
      own,
      begun,
    );
    const [first] = level;
    if (first !== undefined && (depth > MOST_LEVELS || begun.size > MOST_KUSTOMIZATIONS)) {
      all.push({ manifests: [], unread: [endless(first)], secrets: [] });
      break;
    }
  }
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    unread: all.flatMap(({ unread }) => unread),
    secrets: [...new Set(all.flatMap((one) => one.secrets))],
  };
}

/**
 * The Kustomizations among some objects that have not begun yet. Each begins once, however many others apply it, and even
 * if it applies itself.
 *
 * @param begun the identities and directories of all that have begun; those that begin now are added
 */
function stepsOf(
  manifests: readonly Manifest[],
  repository: Repository,
  begun: Set<string>,
): readonly Step[] {
  return manifests.flatMap((manifest) => {
    const kustomization = fluxKustomizationOf(manifest);
    const identity = identityOf(manifest);
    if (kustomization === undefined || identity === undefined) return [];
    const key = `${identity} ${repository.pathOf(kustomization.path)}`;
    if (begun.has(key)) return [];
    begun.add(key);
    return [{ kustomization, identity }];
  });
}

function endless({ kustomization: { manifest, name } }: Step): Unread {
  return {
    ...manifest.origin.at([]),
    reason: `Kustomizations apply more than ${MOST_LEVELS} levels of each other, or more than ${MOST_KUSTOMIZATIONS} in all, so what Kustomization ${JSON.stringify(name)} and further ones apply was not read.`,
    fix: "Check that no Kustomization applies itself under a new name.",
    broken: false,
  };
}

async function readStep(
  step: Step,
  repository: Repository,
  builds: KustomizeBuilds,
): Promise<ReadStep> {
  const { kustomization } = step;
  const directory = directoryOf(kustomization, repository);
  // The policies report that nobody sees what it applies.
  if (directory === undefined) return { ...step, manifests: [], unread: [] };
  if (!isDirectory(directory)) {
    const unread = repository.isOwn(kustomization.source)
      ? [missingPath(kustomization, repository)]
      : [];
    return { ...step, manifests: [], unread };
  }
  const { unit, unread } = await readFluxDirectory(directory, kustomization, builds);
  return { ...step, manifests: unit.manifests, unread };
}

export function isDirectory(path: string): boolean {
  return entryAt(path)?.isDirectory() === true;
}

function finishedStep(
  { kustomization, identity, manifests, unread }: ReadStep,
  known: readonly Manifest[],
  givenSecrets: readonly string[],
): Applied {
  const variables = variablesOf(kustomization, known, givenSecrets);
  const problems: Unread[] = [];
  // Also those that nothing uses: an object may contain the same text.
  const secrets = [...(variables?.secretNames ?? [])].map(
    (name) => variables?.values.get(name) ?? "",
  );
  const own = manifests.flatMap((one) => {
    try {
      const result =
        variables === undefined
          ? { object: one.object, secrets: [] }
          : substituted(one.object, variables);
      secrets.push(...result.secrets);
      return [finished({ ...one, object: result.object }, kustomization)];
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
  const all = [...unread, ...problems];
  return {
    // Beside those that could not be read, they are not all that it applies.
    manifests: all.length > 0 ? own : own.map((one) => ({ ...one, source: identity })),
    unread: all,
    secrets: secrets.filter(({ length }) => length >= SHORTEST_SECRET),
  };
}

/** An object as Flux applies it, after substitution. */
function finished(manifest: Manifest, { spec, manifest: { origin } }: FluxKustomization): Manifest {
  const { object } = manifest;
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
  // A variable may set any of these.
  return { ...manifest, ...manifestOf(whole, manifest.origin), object: whole, appliedBy: origin };
}

function missingPath({ manifest, path }: FluxKustomization, repository: Repository): Unread {
  return {
    ...manifest.origin.at(["spec", "path"]),
    reason: `spec.path is ${JSON.stringify(path)}, which is not a directory of this repository, so Flux applies nothing.`,
    fix: pathFix(repository),
    broken: true,
  };
}

/**
 * How to mend a path that leads nowhere. The root may be another one than the user thinks.
 *
 * @param from the directory from which the root is shown; the current one by default
 */
export function pathFix({ root }: Repository, from?: string): string {
  const shown = displayName(root, from);
  return `Correct the path, which starts at the root of the repository (here ${shown === "." ? "./" : shown}).`;
}

function unsubstituted(
  { kind, name = "", origin }: Manifest,
  { name: of }: FluxKustomization,
  message: string,
): Unread {
  return {
    ...origin.at([]),
    reason: `${kind} ${JSON.stringify(name)}: ${message}, so Flux applies nothing of Kustomization ${JSON.stringify(of)}.`,
    fix: "Set the variable in postBuild.substitute of the Kustomization, give it a default as ${name:=default}, write $$ for a dollar sign, or quote the value.",
    broken: true,
  };
}
