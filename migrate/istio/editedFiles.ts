import { parseAllDocuments } from "yaml";
import type { Manifest } from "../../manifests/manifest.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { editedText } from "./applyEdits.ts";
import { entryOf } from "./entries.ts";
import { blocker } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Entry } from "./report.ts";

/** An object, and what is said of it. */
export interface Judged {
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
}

/** The files that the edits of objects change, and the objects that could not be edited. */
export function editedFiles(texts: ReadonlyMap<string, string>, all: readonly Judged[]) {
  const failed: Entry[] = [];
  const files = new Map<string, string | undefined>();
  const byFile = new Map<string, Judged[]>();
  for (const one of all.filter(({ findings }) => findings.some(({ edits }) => edits.length > 0))) {
    const { file } = one.manifest.origin;
    byFile.set(file, [...(byFile.get(file) ?? []), one]);
  }
  for (const [file, own] of byFile) {
    const text = texts.get(file);
    if (text === undefined) continue;
    const edits = own.flatMap(({ manifest, findings }) => {
      const { within } = manifest.origin;
      if (within === undefined) return [];
      const onFailure = (reason: string) => {
        failed.push(entryOf(manifest, uneditable(reason)));
      };
      return [{ within, edits: findings.flatMap((one) => one.edits), onFailure }];
    });
    const edited = editedText(text, edits);
    if (edited !== text) files.set(file, edited);
  }
  return { files, failed };
}

function uneditable(reason: string): Finding {
  return blocker(
    [],
    `The object cannot be edited in place, because ${reason}.`,
    "Make the changes of this object by hand.",
  );
}

/** The files of which only comments remain. */
export function endedFiles(files: ReadonlyMap<string, string | undefined>): readonly string[] {
  return [...files]
    .filter(([, text = ""]) =>
      [...parseAllDocuments(text, goYamlOptions(2))].every(({ contents }) => contents === null),
    )
    .map(([file]) => file);
}
