import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CHART_FILE, chartUnit } from "./chartUnit.ts";
import { folderAt } from "./files.ts";
import { withFlux } from "./flux/tree.ts";
import type { Folder } from "./files.ts";
import { KustomizeBuilds } from "./kustomize/buildUnit.ts";
import { KUSTOMIZATION_FILES, kustomizationIn } from "./kustomize/kustomization.ts";
import type { Unread } from "./manifest.ts";
import { readManifestFile } from "./manifestFile.ts";
import { merged } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { Unit } from "./variants.ts";

/** The name of standard input among the sources. */
export const STDIN = "-";

/**
 * Reads files, directories with everything below them, and standard input. Kustomize directories and charts are rendered,
 * also if a source is the file that makes a directory one.
 *
 * @throws Error if a source cannot be opened
 */
export async function readTree(sources: readonly string[]): Promise<Tree> {
  const trees: Tree[] = [];
  for (const source of sources) {
    if (source === STDIN) trees.push(readFile(0, STDIN));
    else if (statSync(source).isDirectory()) trees.push(await readDirectory(source));
    else trees.push(await readNamedFile(source));
  }
  return merged(trees);
}

async function readNamedFile(file: string): Promise<Tree> {
  const directory = dirname(file);
  const builds = new KustomizeBuilds();
  const tree =
    basename(file) === CHART_FILE
      ? treeOf(await chartUnit(directory))
      : KUSTOMIZATION_FILES.includes(basename(file))
        ? treeOf(await builds.of(resolve(directory)))
        : readFile(file, file);
  return withFlux(directory, tree, builds);
}

async function readDirectory(path: string): Promise<Tree> {
  const { files, kustomizations, charts } = layoutOf(folderAt(path));
  const builds = new KustomizeBuilds();
  const rendered = await Promise.all<Unit | Unread>([
    ...kustomizations.map((directory) => builds.of(resolve(directory))),
    ...charts.map((directory) => chartUnit(directory)),
  ]);
  return withFlux(
    path,
    merged([...files.map((file) => readFile(file, file)), ...rendered.map(treeOf)]),
    builds,
  );
}

/** The paths of what a directory contains. */
interface Layout {
  /** Files that no Kustomize file refers to. */
  readonly files: readonly string[];
  /** Kustomize directories that no other one refers to. */
  readonly kustomizations: readonly string[];
  readonly charts: readonly string[];
}

function layoutOf(folder: Folder): Layout {
  const found = everythingIn(folder);
  const kustomizations = found.kustomizations.map(
    (directory) => [directory, kustomizationIn(directory)] as const,
  );
  const referred = new Set(kustomizations.flatMap(([, one]) => one?.references ?? []));
  return {
    files: found.files.filter((file) => !referred.has(resolve(file))),
    kustomizations: kustomizations
      .filter(([directory, one]) => one?.isComponent !== true && !referred.has(resolve(directory)))
      .map(([directory]) => directory),
    charts: found.charts,
  };
}

function everythingIn({ path, files, folders }: Folder): Layout {
  if (files.includes(CHART_FILE)) return { files: [], kustomizations: [], charts: [path] };
  const below = folders.map(everythingIn);
  const isKustomization = kustomizationIn(path) !== undefined;
  return {
    // Kustomize applies only the files of its directory that it lists.
    files: [
      ...(isKustomization ? [] : files.map((file) => join(path, file))),
      ...below.flatMap((one) => one.files),
    ],
    kustomizations: [
      ...(isKustomization ? [path] : []),
      ...below.flatMap(({ kustomizations }) => kustomizations),
    ],
    charts: below.flatMap(({ charts }) => charts),
  };
}

function readFile(file: string | 0, name: string): Tree {
  const { manifests, unread } = readManifestFile(file, name);
  const isEmpty = manifests.length === 0 && unread.length === 0;
  return {
    units:
      manifests.length === 0
        ? []
        : [{ name, path: file === 0 ? undefined : resolve(file), manifests }],
    unread,
    passedOver: isEmpty ? 1 : 0,
    secrets: [],
  };
}

function treeOf(rendered: Unit | Unread): Tree {
  return "manifests" in rendered
    ? { units: [rendered], unread: [], passedOver: 0, secrets: [] }
    : { units: [], unread: [rendered], passedOver: 0, secrets: [] };
}
