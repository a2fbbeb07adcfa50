import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { displayName } from "../displayName.ts";
import { folderAt } from "../files.ts";
import { entryAt } from "../entry.ts";
import type { Folder } from "../files.ts";
import { buildUnit } from "../kustomize/buildUnit.ts";
import type { KustomizeBuilds } from "../kustomize/buildUnit.ts";
import { kustomizationIn } from "../kustomize/kustomization.ts";
import type { Unread } from "../manifest.ts";
import { onEnd } from "../../processes/onEnd.ts";
import { readManifestFile } from "../manifestFile.ts";
import type { Unit } from "../variants.ts";
import { recordsOf } from "./kustomization.ts";
import type { FluxKustomization } from "./kustomization.ts";

/** What Flux reads from a directory: one with a Kustomize file as it is, another with one that Flux generates. */
export async function readFluxDirectory(
  directory: string,
  kustomization: FluxKustomization,
  builds: KustomizeBuilds,
): Promise<{ readonly unit: Unit; readonly unread: readonly Unread[] }> {
  const name = displayName(directory);
  const changes = changesOf(kustomization, directory);
  const isKustomize = kustomizationIn(directory) !== undefined;
  const { files, folders } = isKustomize
    ? { files: [], folders: [directory] }
    : resourcesIn(folderAt(directory));
  const rendered =
    changes === undefined
      ? [...files.map(readFile), ...(await Promise.all(folders.map((folder) => builds.of(folder))))]
      : [await buildChanged([...files, ...folders], changes, kustomization)];
  return {
    unit: {
      name,
      manifests: rendered.flatMap((one) => ("manifests" in one ? one.manifests : [])),
    },
    unread: rendered.flatMap((one) => {
      if (!("manifests" in one)) return [one];
      return "unread" in one ? one.unread : [];
    }),
  };
}

const YAML = /\.ya?ml$/;

/** The files of a directory and everything below it, but whole folders that have a Kustomize file. */
function resourcesIn({ path, files, folders }: Folder): {
  readonly files: readonly string[];
  readonly folders: readonly string[];
} {
  const below = folders.map((folder) =>
    kustomizationIn(folder.path) === undefined
      ? resourcesIn(folder)
      : { files: [], folders: [folder.path] },
  );
  return {
    files: [
      ...files.filter((file) => YAML.test(file)).map((file) => join(path, file)),
      ...below.flatMap((one) => one.files),
    ],
    folders: below.flatMap((one) => one.folders),
  };
}

function readFile(file: string) {
  const { manifests, unread } = readManifestFile(file, displayName(file));
  return { name: file, manifests, unread };
}

/** What Flux adds to the Kustomize file of a directory; undefined if that is nothing. */
function changesOf({ spec }: FluxKustomization, directory: string): object | undefined {
  const components = Array.isArray(spec["components"])
    ? spec["components"].filter((one) => typeof one === "string")
    : [];
  const existing = components
    .map((component) => resolve(directory, component))
    .filter((path) => spec["ignoreMissingComponents"] !== true || entryAt(path) !== undefined);
  const changes = {
    namespace: spec["targetNamespace"],
    namePrefix: spec["namePrefix"],
    nameSuffix: spec["nameSuffix"],
    patches: recordsOf(spec["patches"]),
    images: recordsOf(spec["images"]),
    components: existing,
  };
  const set = Object.entries(changes).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/** Builds resources with changes from a Kustomize file beside them, so the tree is not written to. */
async function buildChanged(
  resources: readonly string[],
  changes: object,
  { manifest: { origin } }: FluxKustomization,
): Promise<Unit | Unread> {
  let beside: string;
  try {
    beside = realpathSync(mkdtempSync(join(tmpdir(), "aks-istio-flux-")));
  } catch (error) {
    return {
      ...origin.at(["spec"]),
      reason: `A temporary directory cannot be created: ${error instanceof Error ? error.message : String(error)}.`,
      fix: "Set TMPDIR to a directory that can be written to.",
      broken: false,
    };
  }
  const remove = () => {
    rmSync(beside, { recursive: true });
  };
  const forget = onEnd(remove);
  // Kustomize says which of the components does not exist.
  const from = (path: string) =>
    relative(beside, entryAt(path) === undefined ? path : realpathSync(path));
  try {
    const components = "components" in changes ? (changes.components as readonly string[]) : [];
    writeFileSync(
      join(beside, "kustomization.yaml"),
      JSON.stringify({
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        ...changes,
        resources: resources.map(from),
        ...(components.length === 0 ? {} : { components: components.map(from) }),
      }),
    );
    const built = await buildUnit(beside, origin);
    return "manifests" in built ? built : { ...built, ...origin.at(["spec"]) };
  } finally {
    forget();
    remove();
  }
}
