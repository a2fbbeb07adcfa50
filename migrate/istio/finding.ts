import type { KeyPath } from "../../yaml/place.ts";

/**
 * What a migration says of an object. `blocker`: somebody must act before the add-on can take over. `change`: the
 * manifest must change, and the edits do it. `note`: something to know.
 */
export type Outcome = "blocker" | "change" | "note";

/** An edit of an object, or of the document that contains it. */
export type Edit =
  | { readonly do: "set"; readonly path: KeyPath; readonly to: string | number }
  | { readonly do: "rename"; readonly path: KeyPath; readonly to: string }
  | { readonly do: "remove"; readonly path: KeyPath }
  | { readonly do: "add"; readonly path: KeyPath; readonly after: string; readonly to: string }
  | { readonly do: "replace"; readonly path: KeyPath; readonly from: string; readonly to: string }
  /** The whole object, by another one in YAML; by nothing without it. */
  | { readonly do: "object"; readonly to?: string };

export interface Finding {
  readonly outcome: Outcome;
  /** The field of the object that it is about. */
  readonly at: KeyPath;
  /** Sentences: what, and why. */
  readonly message: string;
  /** A sentence with what to do; present if it is a blocker. */
  readonly fix?: string;
  /** Present if it is a change: what is written, and what becomes of it. */
  readonly change?: { readonly before: string; readonly after: string };
  readonly edits: readonly Edit[];
}

/** What becomes of something that ends. */
export const REMOVED = "removed";

export function blocker(at: KeyPath, message: string, fix: string): Finding {
  return { outcome: "blocker", at, message, fix, edits: [] };
}

export function note(at: KeyPath, message: string, fix?: string): Finding {
  return { outcome: "note", at, message, ...(fix === undefined ? {} : { fix }), edits: [] };
}

/** The scalar at a path becomes another one. */
export function set(
  at: KeyPath,
  before: string | number,
  after: string | number,
  message: string,
): Finding {
  return change(at, [String(before), String(after)], message, [{ do: "set", path: at, to: after }]);
}

/** Another change than of one scalar. */
export function change(
  at: KeyPath,
  [before, after]: readonly [before: string, after: string],
  message: string,
  edits: readonly Edit[],
): Finding {
  return { outcome: "change", at, message, change: { before, after }, edits };
}

/** The object is not applied any more, because the add-on brings what it does, or another object does it. */
export function dropped(label: string, message: string, to?: Replacement): Finding {
  const edit: Edit = to === undefined ? { do: "object" } : { do: "object", to: to.yaml };
  return change([], [label, to?.label ?? REMOVED], message, [edit]);
}

/** An object that takes the place of another one. */
export interface Replacement {
  /** `ConfigMap aks-istio-system/istio-shared-configmap-asm-1-30`. */
  readonly label: string;
  readonly yaml: string;
}
