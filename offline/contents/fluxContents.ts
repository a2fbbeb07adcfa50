import { applied, isDirectory, pathFix } from "../../manifests/flux/apply.ts";
import type { FluxTree } from "../../manifests/flux/apply.ts";
import { dependencyProblems } from "../../manifests/flux/dependencies.ts";
import { withReleases } from "../../manifests/flux/helmRelease.ts";
import { isFluxKustomization } from "../../manifests/flux/kustomization.ts";
import type { Repository } from "../../manifests/flux/repository.ts";
import { KustomizeBuilds } from "../../manifests/kustomize/buildUnit.ts";
import { identityOf, manifestOf } from "../../manifests/manifest.ts";
import type { Manifest, Unread } from "../../manifests/manifest.ts";
import { unknownText } from "../../manifests/unknownText.ts";
import type { JsonObject } from "../../yaml/json.ts";
import type { NotRendered } from "../../manifests/tools/rendered.ts";
import { withoutCredentials } from "../../manifests/tools/withoutCredentials.ts";
import type { Registry } from "../engine/registry.ts";
import type { NotJudged, PlannedResource } from "../plan/plan.ts";
import { UsageError, messageOf } from "../errors.ts";
import { sortByDependency } from "../plan/planOrder.ts";
import type { Urn } from "../plan/urn.ts";
import { openSecrets, secretTexts } from "../plan/values.ts";
import { fluxConfigurationOf, isFluxConfiguration } from "./fluxConfiguration.ts";
import type { FluxConfiguration, FluxEntry } from "./fluxConfiguration.ts";
import { addFluxObjects, placeFrom, settled } from "./fluxObjects.ts";
import type { GitTrees } from "./gitTrees.ts";
import { toUnknownTexts } from "./unknownTexts.ts";

export interface FluxContents {
  /** Flux configurations whose tree is not known, with the reason. */
  readonly unseen: ReadonlyMap<Urn, NotRendered>;
  /** What could not be read in the trees. */
  readonly problems: readonly NotJudged[];
}

/** A Flux configuration whose tree is known. */
interface Followed {
  readonly resource: PlannedResource;
  readonly configuration: FluxConfiguration;
  readonly repository: Repository;
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
  readonly secrets: readonly string[];
  readonly missing: readonly FluxEntry[];
}

/**
 * Adds what Flux applies for the Flux configurations that the program creates, below each of them. Called once the program
 * has ended: any of its ConfigMaps and Secrets may set variables.
 *
 * @param directory the project's; places are relative to it
 * @throws UsageError if a tree cannot be read
 */
export async function addFluxContents(
  registry: Registry,
  trees: GitTrees,
  directory: string,
): Promise<FluxContents> {
  const resources = sortByDependency([
    ...registry.resources.values(),
    ...registry.contents.values(),
  ]);
  const unseen = new Map<Urn, NotRendered>();
  const found: [PlannedResource, FluxConfiguration, Repository][] = [];
  for (const resource of resources) {
    if (!isFluxConfiguration(resource.type) || resource.op === "read") continue;
    const configuration = fluxConfigurationOf(resource);
    if ("reason" in configuration) unseen.set(resource.urn, configuration);
    else {
      const tree = trees.treeOf(configuration.url);
      if (tree === undefined) unseen.set(resource.urn, elsewhere(configuration));
      else found.push([resource, configuration, tree]);
    }
  }
  const planned = toldApart(resources.flatMap(manifestsIn));
  const known = [...planned, ...found.map(([, { source }]) => source)];
  const secrets = resources
    .filter(({ type }) => MATTERING.test(type) || isFluxConfiguration(type))
    .flatMap(({ inputs }) => secretTexts(inputs));
  const builds = new KustomizeBuilds();
  const followed = await Promise.all(
    found.map(([resource, configuration, repository]) =>
      follow(resource, configuration, {
        ...{ repository, builds, secrets },
        // Its own source comes last: a configuration of another cluster may have one of the same name.
        known: [...known, configuration.source],
      }).catch((error: unknown) => {
        // Everything else is a defect, and reported as one.
        if (!(error instanceof Error && "syscall" in error)) throw error;
        throw new UsageError(
          `The tree of ${resource.type} ${resource.name} cannot be read: ${messageOf(error)}`,
        );
      }),
    ),
  );
  for (const { resource, configuration, manifests, secrets } of followed) {
    const made = configuration.entries.map(({ manifest }) => manifest);
    await addFluxObjects([...made, ...manifests], { registry, resource, secrets, directory });
  }
  const dependencies = unmetDependencies(followed, planned, unseen.size > 0);
  const unread = [...followed.flatMap((one) => one.unread), ...dependencies];
  const unique = new Map(unread.map((one) => [JSON.stringify(one), one]));
  return {
    unseen,
    problems: [
      ...followed.flatMap((one) => ofEntries(one, directory)),
      ...[...unique.values()].map((one) => ofManifest(one, directory)),
    ],
  };
}

/** Kinds of objects of the program that matter to Flux. */
const MATTERING =
  /^kubernetes:(?:core\/v1:(?:ConfigMap|Secret)|[\w.]+\.toolkit\.fluxcd\.io\/\w+:\w+)$/;

function manifestsIn({ type, urn, inputs }: PlannedResource): readonly Manifest[] {
  if (!MATTERING.test(type)) return [];
  const place = { file: urn, line: 1, column: 1 };
  const object = toUnknownTexts(openSecrets(inputs)) as JsonObject;
  return [manifestOf(object, { file: urn, at: () => place })].filter((one) => one !== undefined);
}

/**
 * The objects with unknown data for those that occur several times with different data, on several clusters: which of them
 * a configuration reads is not known here.
 */
function toldApart(manifests: readonly Manifest[]): readonly Manifest[] {
  const versions = new Map<string, Set<string>>();
  for (const one of manifests) {
    const identity = identityOf(one) ?? "";
    versions.set(identity, (versions.get(identity) ?? new Set()).add(dataOf(one)));
  }
  const data = unknownText("data");
  return manifests.map((one) =>
    isFluxObject(one) || versions.get(identityOf(one) ?? "")?.size === 1
      ? one
      : { ...one, object: { ...one.object, data } },
  );
}

function dataOf({ object }: Manifest): string {
  return JSON.stringify([object["data"], object["stringData"]]);
}

function isFluxObject({ apiVersion }: Manifest): boolean {
  return apiVersion.includes(".toolkit.fluxcd.io/");
}

function elsewhere({ url, storage }: FluxConfiguration): NotRendered {
  const named = url === undefined ? "" : ` ${withoutCredentials(url)}`;
  if (storage !== undefined) {
    return {
      reason: `Its source${named} is ${storage}, which a preview does not follow: it reads only Git repositories.`,
      fix: "Pass a directory with the same files: --gitops DIR.",
    };
  }
  return {
    reason:
      url === undefined
        ? "The URL of its source is known only after deployment."
        : `Its source${named} is not the repository of this project.`,
    fix: "Pass the directory that has its files: --gitops DIR.",
  };
}

async function follow(
  resource: PlannedResource,
  configuration: FluxConfiguration,
  tree: FluxTree,
): Promise<Followed> {
  const { repository, known } = tree;
  const here = configuration.entries.filter(({ path }) => path !== undefined);
  const isMissing = ({ path = "" }: FluxEntry) => !isDirectory(repository.pathOf(path));
  const { manifests, unread, secrets } = await applied(
    here.filter((entry) => !isMissing(entry)).map(({ manifest }) => manifest),
    tree,
  );
  const rendered = await withReleases(
    { units: [{ name: resource.name, manifests }], unread, passedOver: 0, secrets },
    repository.knowing([...known, ...manifests]),
  );
  const objects = settled(rendered.units.flatMap((unit) => unit.manifests));
  return {
    ...{ resource, configuration, repository, secrets },
    manifests: objects.manifests,
    unread: [...rendered.unread, ...objects.unread],
    missing: here.filter(isMissing),
  };
}

/** @param others whether Flux may have objects that are not known */
function unmetDependencies(
  followed: readonly Followed[],
  planned: readonly Manifest[],
  others: boolean,
): readonly Unread[] {
  const made = followed.flatMap(({ configuration }) =>
    configuration.entries.map(({ manifest }) => manifest),
  );
  const read = followed.flatMap(({ manifests }) => manifests);
  const sources = new Set(read.map(({ source }) => source));
  const all = [...planned, ...made, ...read].filter(isFluxKustomization);
  const someUnseen = others || all.some((one) => !sources.has(identityOf(one)));
  // Those of the program are the matter of its policies.
  const files = new Set([...planned, ...made].map(({ origin }) => origin.file));
  return dependencyProblems(all, someUnseen).filter(({ file }) => !files.has(file));
}

/** What is wrong with the entries of a configuration themselves. */
function ofEntries(
  { resource, configuration, repository, missing }: Followed,
  directory: string,
): readonly NotJudged[] {
  const { type, name, urn } = resource;
  return configuration.entries.flatMap((entry) => {
    const { field, path } = entry;
    const item = { what: `${type} ${name}`, urn };
    if (path === undefined) {
      return [{ ...item, reason: `${field}.path is known only after deployment.` }];
    }
    if (!missing.includes(entry)) return [];
    return [
      {
        ...item,
        reason: `${field}.path is ${JSON.stringify(path)}, which is not a directory of the repository, so Flux applies nothing.`,
        fix: pathFix(repository, directory),
        broken: true,
      },
    ];
  });
}

function ofManifest(
  { file, line = 1, column = 1, reason, fix, broken }: Unread,
  directory: string,
): NotJudged {
  const place = placeFrom(directory, { file, line, column });
  return { what: place.file, reason, fix, place, broken };
}
