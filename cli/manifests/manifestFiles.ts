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
import { toYaml } from "../../yaml/toYaml.ts";
import type { Manifest } from "./manifests.ts";

const INDEX = "kustomization.yaml";

/** The commands that write manifests. */
export type Writer = "render" | "migrate-osm";

/** Begins the generated files of a command. */
function header(writer: Writer): string {
  return `# Written by \`aks-istio ${writer}\`; a later run replaces these files.\n`;
}

/** Lists the files that a run wrote, and so may be removed by a later run. */
function recordName(writer: Writer): string {
  return `.aks-istio-${writer}.json`;
}

function stagingPrefix(writer: Writer): string {
  return `.aks-istio-${writer}-`;
}

/** The paths that a run writes. */
const WRITTEN = /^([a-z0-9-][a-z0-9.-]*\/){0,2}(\d+-[a-z0-9.-]+|kustomization)\.yaml$/;
const record = z.object({ files: z.array(z.string().regex(WRITTEN)) });

/**
 * Writes manifests, and a kustomization in each of their folders, and replaces the files of an earlier run. Everything
 * is first written to a staging directory, so a failure leaves the earlier files unchanged.
 *
 * @throws UsageError
 */
export function writeManifests(
  directory: string,
  manifests: readonly Manifest[],
  writer: Writer = "render",
): void {
  if (directory.trim() === "") throw new UsageError("--out is empty. Pass a directory.");
  try {
    const made = makeDirectory(resolve(directory));
    try {
      replace(directory, filesOf(manifests, writer), writer);
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

/** The text of each file, by path. */
function filesOf(manifests: readonly Manifest[], writer: Writer): ReadonlyMap<string, string> {
  const odd = manifests.find(({ path }) => !WRITTEN.test(path));
  if (odd !== undefined) {
    throw new UsageError(
      `The path ${JSON.stringify(odd.path)} is not one that \`aks-istio ${writer}\` writes. Correct the name or the namespace of the object.`,
    );
  }
  const files = new Map(manifests.map(({ path, object }) => [path, toYaml(object)]));
  const folders = new Set(manifests.map(({ path }) => dirname(path)));
  // A run without objects also writes a kustomization.
  for (const folder of folders.size === 0 ? ["."] : folders) {
    const index = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: manifests
        .filter(({ path }) => dirname(path) === folder)
        .map(({ path }) => (folder === "." ? path : path.slice(folder.length + 1))),
    };
    files.set(folder === "." ? INDEX : `${folder}/${INDEX}`, header(writer) + toYaml(index));
  }
  return files;
}

function replace(directory: string, files: ReadonlyMap<string, string>, writer: Writer): void {
  const earlier = earlierFiles(directory, writer);
  const recordFile = join(directory, recordName(writer));
  for (const path of files.keys()) requireFree(directory, path, earlier);

  const staging = mkdtempSync(join(directory, stagingPrefix(writer)));
  try {
    const staged = [...files].map(([path, text], i) => {
      const draft = join(staging, String(i));
      writeFileSync(draft, text);
      return { path, draft };
    });
    // Until the end, the record lists the files of both runs, so the next run can clean up after an
    // interrupted one.
    writeRecord(recordFile, staging, new Set([...earlier, ...files.keys()]));
    for (const { path, draft } of staged) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      renameSync(draft, join(directory, path));
    }
    for (const path of earlier) if (!files.has(path)) remove(directory, path);
    writeRecord(recordFile, staging, new Set(files.keys()));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function writeRecord(file: string, staging: string, files: ReadonlySet<string>): void {
  const draft = join(staging, "record");
  writeFileSync(draft, `${JSON.stringify({ files: [...files].sort() }, undefined, 2)}\n`);
  renameSync(draft, file);
}

/**
 * Creates a directory and its missing parents, and returns the created ones, innermost first. One at a time, because
 * Node's recursive mkdir never returns on some file systems that report a missing parent.
 */
function makeDirectory(directory: string): readonly string[] {
  if (existsSync(directory)) return [];
  const made = directory === dirname(directory) ? [] : makeDirectory(dirname(directory));
  mkdirSync(directory);
  return [directory, ...made];
}

/** The files that an earlier run wrote. A directory that has files but no record of a run is refused. */
function earlierFiles(directory: string, writer: Writer): readonly string[] {
  const [name, staging] = [recordName(writer), stagingPrefix(writer)];
  const present = readdirSync(directory);
  // Left by a run that was killed.
  for (const left of present.filter((each) => each.startsWith(staging))) {
    rmSync(join(directory, left), { recursive: true });
  }
  if (present.every((each) => each.startsWith(staging))) return [];
  if (!present.includes(name)) {
    throw new UsageError(
      `${directory} is not empty and was not written by \`aks-istio ${writer}\`. Pass another directory with --out.`,
    );
  }
  const file = join(directory, name);
  try {
    if (!lstatSync(file).isFile()) throw new Error("it is not a file");
    return record.parse(JSON.parse(readFileSync(file, "utf8"))).files;
  } catch {
    throw new UsageError(
      `${file} is damaged, so the files of an earlier run cannot be distinguished from others. Remove ${directory}, or pass another directory with --out.`,
    );
  }
}

/** Refuses a path that another file occupies, or that leads through a link. */
function requireFree(directory: string, path: string, earlier: readonly string[]): void {
  const inTheWay = parentsOf(path).find((parent) => {
    const found = lstatSync(join(directory, parent), { throwIfNoEntry: false });
    return found !== undefined && !found.isDirectory();
  });
  if (inTheWay !== undefined) {
    throw new UsageError(
      `${join(directory, inTheWay)} is in the way: it is not a directory. Remove it.`,
    );
  }
  const found = lstatSync(join(directory, path), { throwIfNoEntry: false });
  if (found === undefined || (earlier.includes(path) && !found.isDirectory())) return;
  throw new UsageError(
    `${join(directory, path)} is in the way: no earlier run wrote it. Move it, or pass another directory with --out.`,
  );
}

/** Removes a file, and its folders once they are empty. Never follows a link out of the directory. */
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

/** The parent folders of a relative path, outermost first. */
function parentsOf(path: string): string[] {
  const steps = path.split("/").slice(0, -1);
  return steps.map((_, i) => steps.slice(0, i + 1).join("/"));
}
