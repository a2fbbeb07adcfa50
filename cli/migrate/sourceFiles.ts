import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { CHART_FILE } from "../../manifests/chartUnit.ts";
import { folderAt } from "../../manifests/files.ts";
import type { Folder } from "../../manifests/files.ts";
import { KUSTOMIZATION_FILES } from "../../manifests/kustomize/kustomization.ts";
import { isRecord, manifestOf } from "../../manifests/manifest.ts";
import type { Manifest, Unread } from "../../manifests/manifest.ts";
import { readManifestText } from "../../manifests/manifestText.ts";
import { STDIN } from "../../manifests/readTree.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { shellWord } from "../../text/shellWord.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { positionBelow } from "../../yaml/positions.ts";

/** Manifests as they are written, before Kustomize and Helm. */
export interface SourceFiles {
  readonly manifests: readonly Manifest[];
  readonly unread: readonly UnreadFile[];
  /**
   * The texts of the files, by the names that the origins of the objects have. One that begins with a byte order mark
   * keeps it.
   */
  readonly texts: ReadonlyMap<string, string>;
}

/** What could not be read. */
export interface UnreadFile extends Unread {
  /** Whether it may be about Istio. */
  readonly mayConcern: boolean;
}

const TEMPLATES = "templates";

/**
 * Reads files, directories with everything below them, and standard input.
 *
 * @throws UsageError if one of them does not exist or cannot be read
 */
export function readSourceFiles(sources: readonly string[]): SourceFiles {
  const missing = sources.filter((source) => source !== STDIN && !existsSync(source));
  if (missing.length > 0) {
    throw new UsageError(
      missing.map((one) => `${one} does not exist. Name a file, a directory or -.`).join("\n"),
    );
  }
  const files = sources.flatMap((source) =>
    source !== STDIN && statSync(source).isDirectory() ? filesBelow(folderAt(source)) : [source],
  );
  const texts = new Map<string, string>();
  const manifests: Manifest[] = [];
  const unread: UnreadFile[] = [];
  for (const file of new Set(files)) {
    const text = textOf(file);
    if (text === undefined) {
      const reason = "It is not text in UTF-8.";
      const fix = "Save it as UTF-8.";
      unread.push({ file, reason, fix, broken: true, mayConcern: true });
      continue;
    }
    texts.set(file, text);
    const unmarked = text.replace(/^\uFEFF/, "");
    const read = readManifestText(unmarked, file);
    manifests.push(...read.manifests, ...kustomizationWithoutKind(unmarked, file));
    const mayConcern = mentionsIstio(text);
    unread.push(...read.unread.map((one) => ({ ...one, mayConcern })), ...unreadChart(file));
  }
  return { manifests, unread, texts };
}

/** The files of a directory and everything below it, without the templates of charts. */
function filesBelow({ path, files, folders }: Folder): readonly string[] {
  const isChart = files.includes(CHART_FILE);
  const others = folders.filter((folder) => !isChart || basename(folder.path) !== TEMPLATES);
  return [...files.map((file) => join(path, file)), ...others.flatMap(filesBelow)];
}

/** Only Helm can read the templates of a chart. */
function unreadChart(file: string): readonly UnreadFile[] {
  if (basename(file) !== CHART_FILE) return [];
  const templates = join(dirname(file), TEMPLATES);
  if (!existsSync(templates)) return [];
  const texts = filesBelow(folderAt(templates)).map((one) => textOf(one) ?? "");
  const directory = dirname(file);
  return [
    {
      ...{ file, reason: "It is a chart, and its templates are not YAML.", broken: false },
      fix: `Render it, and pass the result: helm template ${shellWord(directory)} | npx aks-istio migrate-istio -f -`,
      mayConcern: texts.some(mentionsIstio),
    },
  ];
}

function mentionsIstio(text: string): boolean {
  return /istio/i.test(text);
}

function textOf(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === STDIN ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Kustomize knows its files by their names, so they may leave out their kind. */
function kustomizationWithoutKind(text: string, file: string): readonly Manifest[] {
  if (!KUSTOMIZATION_FILES.includes(basename(file))) return [];
  const lines = new LineCounter();
  const document = parseDocument(text, { ...goYamlOptions(2), lineCounter: lines });
  const object: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (!isRecord(object) || (object["apiVersion"] !== undefined && object["kind"] !== undefined)) {
    return [];
  }
  const origin = {
    file,
    at: (steps: readonly (string | number)[]) => ({
      file,
      ...(positionBelow(document.contents, steps, { document, lines }) ?? { line: 1, column: 1 }),
    }),
    within: { document: 0, path: [] },
  };
  const inherited = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
  const manifest = manifestOf(object, origin, inherited);
  return manifest === undefined ? [] : [manifest];
}
