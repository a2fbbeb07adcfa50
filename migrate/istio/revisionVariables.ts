import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { isTarget } from "./namespaces.ts";
import type { RevisionVariables, World } from "./world.ts";

/** The variables that labels name as their revisions, and what sets them. */
export function revisionVariablesOf(manifests: readonly Manifest[]): RevisionVariables {
  const names = manifests.flatMap(({ object }) =>
    revisionsIn(object).flatMap((text) =>
      [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name),
    ),
  );
  const configMaps = manifests
    .filter(isFluxKustomization)
    .flatMap(({ object }) => listAt(object, "spec", "postBuild", "substituteFrom"))
    .filter((source) => textAt(source, "kind") === "ConfigMap")
    .map((source) => textAt(source, "name") ?? "");
  return { names: new Set(names), configMaps: new Set(configMaps) };
}

/** What labels name as revisions, anywhere in an object. */
function revisionsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(revisionsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    key === REVISION_LABEL && typeof below === "string" ? [below] : revisionsIn(below),
  );
}

/** What becomes of the values of such variables: revisions and tags of the own Istio. */
export function variableFindings(
  manifest: Manifest,
  { revision, revisionVariables: { names, configMaps } }: World,
): readonly Finding[] {
  const at = variablesAt(manifest, configMaps);
  if (at === undefined) return [];
  return [...names].flatMap((name): readonly Finding[] => {
    const value = textAt(manifest.object, ...at, name);
    if (value === undefined || isTarget(value)) return [];
    const place = [...at, name];
    const why =
      "Labels name the variable as their revision, and the add-on does not have this one.";
    if (!revision.startsWith("${")) return [set(place, value, revision, why)];
    return [blocker(place, why, "Set it to a revision of the add-on, such as asm-1-30.")];
  });
}

/** Where an object sets variables. */
function variablesAt(manifest: Manifest, configMaps: ReadonlySet<string>): KeyPath | undefined {
  if (isFluxKustomization(manifest)) return ["spec", "postBuild", "substitute"];
  const { kind, name = "" } = manifest;
  return kind === "ConfigMap" && configMaps.has(name) ? ["data"] : undefined;
}

function isFluxKustomization({ apiVersion, kind }: Manifest): boolean {
  return kind === "Kustomization" && apiVersion.startsWith("kustomize.toolkit.fluxcd.io/");
}
