import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { toYaml } from "./manifestYaml.ts";
import type { Manifest } from "./manifests.ts";

const INDEX = "kustomization.yaml";
const HEADER = "# Written by `aks-istio render`; a later run replaces these files.\n";
/** What a run wrote, and so what a later one may remove. */
const RECORD = ".aks-istio-render.json";
const STAGING = ".aks-istio-render-";
/** The paths that a run gives its files. */
const WRITTEN = /^([a-z0-9-][a-z0-9.-]*\/){0,2}(\d+-[a-z0-9.-]+|kustomization)\.yaml$/;
const record = z.object({ files: z.array(z.string().regex(WRITTEN)) });

/**
 * Writes manifests, and into each of their folders a kustomization that lists them, in place of an earlier run's.
 * Everything is written beside the earlier files before the first of them is replaced, so that a failure leaves those
 * as they were.
 *
 * @throws UsageError
 */
export function writeManifests(directory: string, manifests: readonly Manifest[]): void {
  if (directory.trim() === "") throw new UsageError("--out is empty. Name a directory.");
  try {
    const made = makeDirectory(resolve(directory));
    try {
      replace(directory, filesOf(manifests));
    } catch (error) {
      if (made.length > 0 && readdirSync(directory).length === 0) made.forEach(removeDirectory);
      throw error;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${directory} cannot be written: ${messageOf(error)}`);
  }
}

function removeDirectory(path: string): void {
  rmdirSync(path);
}

/** The text of every file by its path. */
function filesOf(manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  const files = new Map(manifests.map(({ path, object }) => [path, toYaml(object)]));
  const folders = new Set(manifests.map(({ path }) => dirname(path)));
  // An empty run has a kustomization as well.
  for (const folder of folders.size === 0 ? ["."] : folders) {
    const index = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: manifests
        .filter(({ path }) => dirname(path) === folder)
        .map(({ path }) => (folder === "." ? path : path.slice(folder.length + 1))),
    };
    files.set(folder === "." ? INDEX : `${folder}/${INDEX}`, HEADER + toYaml(index));
  }
  return files;
}

function replace(directory: string, files: ReadonlyMap<string, string>): void {
  const earlier = earlierFiles(directory);
  for (const path of files.keys()) expectFree(directory, path, earlier);

  const staging = mkdtempSync(join(directory, STAGING));
  try {
    const staged = [...files].map(([path, text], i) => {
      const draft = join(staging, String(i));
      writeFileSync(draft, text);
      return { path, draft };
    });
    // Until the end, what either run wrote: a run that is cut short leaves nothing that the next one does not know.
    writeRecord(directory, staging, new Set([...earlier, ...files.keys()]));
    for (const { path, draft } of staged) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      renameSync(draft, join(directory, path));
    }
    for (const path of earlier) if (!files.has(path)) remove(directory, path);
    writeRecord(directory, staging, new Set(files.keys()));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function writeRecord(directory: string, staging: string, files: ReadonlySet<string>): void {
  const draft = join(staging, "record");
  writeFileSync(draft, `${JSON.stringify({ files: [...files].sort() }, undefined, 2)}\n`);
  renameSync(draft, join(directory, RECORD));
}

/**
 * Makes a directory and whatever is missing above it, and returns what it made, innermost first. One by one, because
 * Node's own way to make them all never ends where a file system says that there is nothing to make them in.
 */
function makeDirectory(directory: string): readonly string[] {
  if (existsSync(directory)) return [];
  const made = directory === dirname(directory) ? [] : makeDirectory(dirname(directory));
  mkdirSync(directory);
  return [directory, ...made];
}

/** What an earlier run wrote; a directory with anything else in it, and no such run's, is somebody else's. */
function earlierFiles(directory: string): readonly string[] {
  const present = readdirSync(directory);
  // Of a run that was killed.
  for (const name of present.filter((each) => each.startsWith(STAGING))) {
    rmSync(join(directory, name), { recursive: true });
  }
  if (present.every((name) => name.startsWith(STAGING))) return [];
  if (!present.includes(RECORD)) {
    throw new UsageError(
      `${directory} is not empty and was not written by \`aks-istio render\`. Name another directory with --out.`,
    );
  }
  const file = join(directory, RECORD);
  try {
    if (!lstatSync(file).isFile()) throw new Error("it is no file");
    return record.parse(JSON.parse(readFileSync(file, "utf8"))).files;
  } catch {
    throw new UsageError(
      `${file} is damaged, and without it nobody knows which files here are an earlier run's. Remove ${directory}, or name another directory with --out.`,
    );
  }
}

/** Refuses a place that something else takes, or that lies behind a link. */
function expectFree(directory: string, path: string, earlier: readonly string[]): void {
  const inTheWay = parentsOf(path).find((parent) => {
    const found = lstatSync(join(directory, parent), { throwIfNoEntry: false });
    return found !== undefined && !found.isDirectory();
  });
  if (inTheWay !== undefined) {
    throw new UsageError(`${join(directory, inTheWay)} is in the way: it is no folder. Remove it.`);
  }
  const found = lstatSync(join(directory, path), { throwIfNoEntry: false });
  if (found === undefined || (earlier.includes(path) && !found.isDirectory())) return;
  throw new UsageError(
    `${join(directory, path)} is in the way: no earlier run wrote it. Move it, or name another directory with --out.`,
  );
}

/** Removes a file, and its folders once they are empty; what lies behind a link is not this directory's. */
function remove(directory: string, path: string): void {
  const parents = parentsOf(path).map((parent) => join(directory, parent));
  if (parents.some((parent) => !isRealDirectory(parent))) return;
  const file = join(directory, path);
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true) return;
  rmSync(file, { force: true });
  for (const parent of parents.reverse()) {
    if (readdirSync(parent).length > 0) return;
    rmdirSync(parent);
  }
}

function isRealDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The folders that a relative path leads through, outermost first. */
function parentsOf(path: string): string[] {
  const steps = path.split("/").slice(0, -1);
  return steps.map((_, i) => steps.slice(0, i + 1).join("/"));
}
