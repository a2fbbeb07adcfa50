import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { entryAt, readRegularFile } from "../entry.ts";
import { isRecord } from "../manifest.ts";

/** The names of a Kustomize file, in the order in which Kustomize looks for them. */
export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** What a Kustomize file refers to. */
export interface Kustomization {
  readonly file: string;
  /** The content of the file; empty if it cannot be read. */
  readonly text: string;
  readonly isComponent: boolean;
  /** Absolute paths of files and directories beside it. */
  readonly references: readonly string[];
}

/** The Kustomize file of a directory; undefined if there is none. A file that cannot be read refers to nothing. */
export function kustomizationIn(directory: string): Kustomization | undefined {
  const file = KUSTOMIZATION_FILES.map((name) => join(directory, name)).find((path) =>
    existsSync(path),
  );
  if (file === undefined) return undefined;
  const text = textOf(file);
  const content = contentOf(text);
  return {
    ...{ file, text },
    isComponent: content["kind"] === "Component",
    references: referencesIn(content)
      .map((path) => resolve(directory, path))
      .filter((path) => entryAt(path) !== undefined),
  };
}

function textOf(file: string): string {
  try {
    return readRegularFile(file);
  } catch {
    // Kustomize will say why.
    return "";
  }
}

function contentOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const document = parseDocument(text, goYamlOptions(3));
    const content: unknown = document.errors.length === 0 ? document.toJS() : undefined;
    return isRecord(content) ? content : {};
  } catch {
    return {};
  }
}

/** Fields with a list of paths, of which some may be URLs or YAML instead. */
const PATHS = [
  ...["resources", "bases", "components", "patchesStrategicMerge", "crds", "configurations"],
  ...["generators", "transformers", "validators"],
];
/** Fields with a list of objects that have a path. */
const WITH_PATH = ["patches", "patchesJson6902", "replacements"];
/** Fields with a list of objects that list files, as `key=path` or as a path. */
const WITH_FILES = ["configMapGenerator", "secretGenerator"];

function referencesIn(content: Readonly<Record<string, unknown>>): readonly string[] {
  const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const records = (key: string) => listed(content[key]).filter(isRecord);
  return [
    ...PATHS.flatMap((key) => listed(content[key])),
    ...WITH_PATH.flatMap((key) => records(key).map(({ path }) => path)),
    ...WITH_FILES.flatMap((key) =>
      records(key).flatMap(({ files, envs, env }) => [...listed(files), ...listed(envs), env]),
    ),
    ...records("helmCharts").map(({ valuesFile }) => valuesFile),
  ]
    .filter((path) => typeof path === "string")
    .filter((path) => path !== "" && !path.includes("\n") && !path.includes("://"))
    .map((path) => path.replace(/^[\w.-]+=/, ""));
}
