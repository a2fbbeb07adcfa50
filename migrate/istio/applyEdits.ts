import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments, parseDocument } from "yaml";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import {
  withKey,
  withReplaced,
  withScalar,
  withScalarAfter,
  withoutEntry,
} from "../../yaml/edit.ts";
import { EditError } from "../../yaml/place.ts";
import type { KeyPath } from "../../yaml/place.ts";
import type { TextPart } from "../../manifests/manifest.ts";
import type { Edit } from "./finding.ts";

/** Edits of one object of a text. */
export interface ObjectEdits {
  readonly within: TextPart;
  readonly edits: readonly Edit[];
  /** Whether the edits may fail: what cannot be edited in place is told, and stays as it is. */
  readonly onFailure: (reason: string) => void;
}

/**
 * The text with the edits of its objects; everything else stays, byte for byte. Objects without an edit that succeeded do
 * not change.
 *
 * @param marked may begin with a byte order mark
 */
export function editedText(marked: string, all: readonly ObjectEdits[]): string {
  const [mark = ""] = /^\uFEFF/.exec(marked) ?? [];
  const text = marked.slice(mark.length);
  const documents = parseAllDocuments(text, goYamlOptions(2));
  let edited = text;
  // From the end, so the places of earlier documents stay.
  for (const [index, document] of [...documents.entries()].reverse()) {
    const own = all.filter(({ within }) => within.document === index);
    if (own.length === 0) continue;
    const [start, , end] = document.range;
    const before = text.slice(start, end);
    // The last items of lists first, so the indices of the others stay.
    const after = own.toReversed().reduce(editedObject, before);
    edited = edited.slice(0, start) + after + edited.slice(end);
  }
  return mark + edited;
}

function editedObject(before: string, { within, edits, onFailure }: ObjectEdits): string {
  try {
    return checked(
      before,
      edits.map((edit) => below(within.path, edit)),
    );
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    onFailure(error.message);
    return before;
  }
}

type PathEdit = Exclude<Edit, { readonly do: "object" }>;

/** An edit of the whole object is one of the document, or of an item of a list. */
function below(prefix: KeyPath, edit: Edit): Edit {
  if (edit.do !== "object") return { ...edit, path: [...prefix, ...edit.path] };
  if (prefix.length === 0) return edit;
  if (edit.to === undefined) return { do: "remove", path: prefix };
  throw new EditError("an item of a list is replaced by another object");
}

function checked(before: string, edits: readonly Edit[]): string {
  const whole = edits.find((edit) => edit.do === "object");
  if (whole !== undefined) return withDocument(before, whole.to);
  let after = before;
  let wanted = valueOf(before);
  // Removals of later items of a list must not move the earlier ones.
  for (const edit of [...edits].sort(byPosition) as PathEdit[]) {
    after = applied(after, edit);
    wanted = changed(wanted, edit.path, edit);
  }
  if (!isDeepStrictEqual(valueOf(after), wanted)) {
    throw new EditError("a value is shared by an anchor, or written in an unusual way");
  }
  return after;
}

function byPosition(one: Edit, other: Edit): number {
  const removes = (edit: Edit) => (edit.do === "remove" ? 1 : 0);
  if (one.do === "object" || other.do === "object") return 0;
  if (removes(one) === 0 || removes(other) === 0) return removes(one) - removes(other);
  return Number(other.path.at(-1)) - Number(one.path.at(-1)) || 0;
}

function applied(text: string, edit: PathEdit): string {
  switch (edit.do) {
    case "set":
      return withScalar(text, edit.path, String(edit.to));
    case "rename":
      return withKey(text, edit.path, edit.to);
    case "remove":
      return withoutEntry(text, edit.path);
    case "add":
      return withScalarAfter(text, edit.path, edit.after, edit.to);
    case "replace":
      return withReplaced(text, edit.path, edit.from, edit.to);
  }
}

/** The same edit of a value. */
function changed(value: unknown, [step, ...rest]: KeyPath, edit: PathEdit): unknown {
  if (step === undefined) {
    if (edit.do === "replace") return String(value).replaceAll(edit.from, edit.to);
    return edit.do === "set" ? edit.to : value;
  }
  const last = rest.length === 0;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    if (last && edit.do === "remove") return items.filter((_, index) => index !== step);
    return items.map((item, index) => (index === step ? changed(item, rest, edit) : item));
  }
  const map = value as Readonly<Record<string, unknown>>;
  const entries = Object.entries(map);
  if (last && edit.do === "add") return { ...map, [step]: edit.to };
  if (last && edit.do === "remove") {
    return Object.fromEntries(entries.filter(([key]) => key !== step));
  }
  return Object.fromEntries(
    entries.map(([key, one]) => {
      if (key !== step) return [key, one];
      return last && edit.do === "rename" ? [edit.to, one] : [key, changed(one, rest, edit)];
    }),
  );
}

function valueOf(text: string): unknown {
  const document = parseDocument(text, goYamlOptions(2));
  if (document.errors.length > 0) throw new EditError("it would not be valid YAML");
  return document.toJS({ maxAliasCount: -1 });
}

/** The text of a document, replaced by that of another one, or by nothing. */
function withDocument(before: string, to: string | undefined): string {
  if (to === undefined) return "";
  const [mark = ""] = /^---[^\n]*\n/.exec(before) ?? [];
  return mark + (before.includes("\r\n") ? to.replaceAll("\n", "\r\n") : to);
}
