import { basename } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import { KUSTOMIZATION_FILES } from "../../manifests/kustomize/kustomization.ts";
import { textAt } from "../../operate/cluster/clusterObject.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { positionBelow } from "../../yaml/positions.ts";
import { shown } from "../../yaml/place.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { adviceOn, injectionMarks } from "./injectionMarks.ts";
import { partOfMesh } from "./kustomize.ts";
import type { Entry } from "./report.ts";

/**
 * What is said of documents that are no objects, such as JSON patches and values of charts, and name a label by which the
 * own mesh injects. What applies them is not known, so they are not edited.
 */
export function kindlessEntries(texts: ReadonlyMap<string, string>): readonly Entry[] {
  return [...texts].flatMap(([file, text]) => {
    // A Kustomize file may leave out its kind.
    if (!text.includes("istio") || KUSTOMIZATION_FILES.includes(basename(file))) return [];
    const lines = new LineCounter();
    return [
      ...parseAllDocuments(text.replace(/^\uFEFF/, ""), {
        ...goYamlOptions(2),
        lineCounter: lines,
      }),
    ].flatMap((document) => {
      const value = valueOf(document);
      const entry = (at: KeyPath, says: Pick<Entry, "message" | "fix">): Entry => {
        const place = positionBelow(document.contents, at, { document, lines });
        return {
          ...{ outcome: "blocker", subject: file, field: shown(at) },
          place: { file, ...(place ?? { line: 1, column: 1 }) },
          ...says,
        };
      };
      return [
        ...injectionMarks(value).map((mark) => entry(mark.at, adviceOn(mark))),
        ...operationsOf(value).flatMap((operation, index) => {
          const about = partOfMesh(JSON.stringify(operation));
          return about === undefined ? [] : [entry([index], aboutPatch(about))];
        }),
      ];
    });
  });
}

/** The operations of a JSON patch, if a document is one. */
function operationsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) && value.every((one) => textAt(one, "op") !== undefined) ? value : [];
}

function aboutPatch(about: string): Pick<Entry, "message" | "fix"> {
  return {
    message: `The patch is about ${about}, and JSON patches are not edited.`,
    fix: "Write the patch as the add-on needs it, or remove it.",
  };
}

/** The value of a document that is no object; undefined for one, and for one that cannot be read, which is said elsewhere. */
function valueOf(document: Document.Parsed): unknown {
  if (document.errors.length > 0) return undefined;
  try {
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    const isObject =
      textAt(value, "apiVersion") !== undefined && textAt(value, "kind") !== undefined;
    return isObject ? undefined : value;
  } catch {
    return undefined;
  }
}
