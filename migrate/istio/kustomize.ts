import { dirname, join, posix } from "node:path";
import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { isNamedLikeIstios, isPublisher } from "../../mesh/istioCharts.ts";
import { REMOVED, blocker, change, set } from "./finding.ts";
import type { Edit, Finding } from "./finding.ts";
import { injectionMarkFindings } from "./injectionMarks.ts";
import type { KeyPath } from "../../yaml/place.ts";

const FIELDS = ["resources", "components", "bases", "patches", "patchesStrategicMerge"] as const;

/** A file or a directory that a Kustomize file names. */
export interface Reference {
  readonly at: KeyPath;
  /** Normalized: `apps/shop/gateway.yaml`. */
  readonly path: string;
}

export function isKustomization({ apiVersion, kind }: Manifest): boolean {
  return (
    apiVersion.startsWith("kustomize.config.k8s.io/") && /^(?:Kustomization|Component)$/.test(kind)
  );
}

/** What a Kustomize file names, relative to the same directory as its own path. */
export function referencesOf({ object, origin }: Manifest): readonly Reference[] {
  const directory = dirname(origin.file);
  return FIELDS.flatMap((field) =>
    listAt(object, field).flatMap((item, index) => {
      const named = typeof item === "string" ? item : textAt(item, "path");
      if (named === undefined || /\n|:\/\//.test(named)) return [];
      return [
        { at: [field, index], path: posix.normalize(join(directory, named)).replace(/\/$/, "") },
      ];
    }),
  );
}

/**
 * What becomes of a Kustomize file: it does not name what ended, and sets another namespace.
 *
 * @param ended files and directories that have nothing any more
 * @param targets the namespaces of the add-on for the objects that get their namespace from it; undefined for one that
 *   stays
 * @param revision that takes over
 */
export function kustomizationFindings(
  manifest: Manifest,
  ended: ReadonlySet<string>,
  targets: readonly (string | undefined)[],
  revision: string,
): readonly Finding[] {
  const references = referencesOf(manifest).filter(({ path }) => ended.has(path));
  const charts = listAt(manifest.object, "helmCharts").flatMap((chart, index) =>
    isNamedLikeIstios(textAt(chart, "name") ?? "") && isPublisher(textAt(chart, "repo") ?? "")
      ? [
          blocker(
            ["helmCharts", index],
            "Kustomize installs Istio's chart.",
            "Remove it, and move its MeshConfig to the shared ConfigMap.",
          ),
        ]
      : [],
  );
  const removed = references.map(({ at, path }) => {
    const edit: Edit = { do: "remove", path: at };
    return change(at, [path, REMOVED], "Nothing remains of it.", [edit]);
  });
  return [
    ...removed,
    ...charts,
    ...generatedConfigs(manifest),
    ...inlinePatches(manifest),
    ...injectionMarkFindings(manifest, revision),
    ...namespaceFindings(manifest, targets),
  ];
}

/** The ConfigMap of a control plane, and that of one with a revision. */
const OWN_CONFIG_MAP = /^istio(?:-\d[\w-]*|-canary|-stable)?$/;

/** Kustomize makes them of files and texts, which are not read. */
function generatedConfigs({ object }: Manifest): readonly Finding[] {
  return listAt(object, "configMapGenerator").flatMap((generator, index) => {
    const name = textAt(generator, "name") ?? "";
    if (!OWN_CONFIG_MAP.test(name)) return [];
    return [
      blocker(
        ["configMapGenerator", index],
        `Kustomize generates the ConfigMap ${name}, so its MeshConfig could not be judged.`,
        "Remove the generator, and move its MeshConfig to the shared ConfigMap.",
      ),
    ];
  });
}

/** What patches in a text may be about, besides labels of injection: the namespace and the gateways of the own Istio. */
const OF_MESH = /\bistio-system\b|\b(?:in|e)gressgateway\b|\/spec\/selector\/istio\b|^\s*istio:\s/m;

export function partOfMesh(patch: string): string | undefined {
  return OF_MESH.exec(patch)?.[0].trim();
}

/** Patches inside of a text are not edited. */
function inlinePatches({ object }: Manifest): readonly Finding[] {
  return ["patches", "patchesStrategicMerge", "patchesJson6902"].flatMap((field) =>
    listAt(object, field).flatMap((item, index) => {
      const inline = typeof item === "string" && item.includes("\n") ? item : "";
      const text = textAt(item, "patch") ?? inline;
      const target = textAt(item, "target", "name") ?? "";
      const about = text === "" ? undefined : partOfMesh(`${text} ${target}`);
      if (about === undefined) return [];
      return [
        blocker(
          [field, index],
          `The patch is about ${about}, and patches inside of a Kustomize file are not edited.`,
          "Write the patch as the add-on needs it, or remove it.",
        ),
      ];
    }),
  );
}

function namespaceFindings(
  { object }: Manifest,
  targets: readonly (string | undefined)[],
): readonly Finding[] {
  const namespace = textAt(object, "namespace") ?? "";
  const [target, ...others] = [...new Set(targets)];
  if (targets.length === 0 || (target === undefined && others.length === 0)) return [];
  if (target !== undefined && others.length === 0) {
    return [set(["namespace"], namespace, target, "All of its objects move to this namespace.")];
  }
  return [
    blocker(
      ["namespace"],
      `It sets the namespace ${namespace}, and its objects belong to ${[...new Set(targets)].map((one) => one ?? namespace).join(" and ")}.`,
      "Write the namespace of each object into it, or make a Kustomize directory for each namespace.",
    ),
  ];
}

/** Whether nothing but metadata remains of a Kustomize file without some of its references. */
export function isEmptyWithout({ object }: Manifest, removed: number): boolean {
  const sources = [
    "resources",
    "components",
    "bases",
    "helmCharts",
    "configMapGenerator",
    "secretGenerator",
    "generators",
  ];
  const count = sources.reduce((sum, field) => sum + listAt(object, field).length, 0);
  return count > 0 && count <= removed;
}
