import { isDeepStrictEqual } from "node:util";

/** What becomes of a list: an item that stays, perhaps changed, one that goes, or one that is new. */
export type ListChange<T> =
  | { readonly how: "stays"; readonly index: number; readonly item: T }
  | { readonly how: "goes"; readonly index: number }
  | { readonly how: "new"; readonly item: T };

/**
 * What identifies an item of a list of Kubernetes objects: the path of a mount, else the name, else its whole value.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function itemKey(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const { mountPath, name } = item as { readonly mountPath?: unknown; readonly name?: unknown };
  if (typeof mountPath === "string") return `mountPath: ${mountPath}`;
  return typeof name === "string" ? `name: ${name}` : item;
}

/** The changes from one list to another, in the order of the texts: as many items as possible stay. */
export function listChanges<T>(before: readonly T[], after: readonly T[]): ListChange<T>[] {
  const same = (i: number, j: number) =>
    isDeepStrictEqual(itemKey(before[i]), itemKey(after[j])) && i < before.length;
  // common[i][j]: how many items of before[i…] and after[j…] can stay.
  const common = before.map(() => after.map(() => 0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row === undefined) continue;
      row[j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: ListChange<T>[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    const item = after[j];
    if (j < after.length && item !== undefined && same(i, j)) {
      changes.push({ how: "stays", index: i++, item });
      j++;
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ how: "goes", index: i++ });
    } else {
      changes.push({ how: "new", item: item as T });
      j++;
    }
  }
  return changes;
}
