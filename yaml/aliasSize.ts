import { isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import type { Document } from "yaml";

/** How many characters the aliases of a document add to it when each is replaced by the value of its anchor. */
export function addedByAliases(document: Document): number {
  const anchored = new Map<unknown, number>();
  let added = 0;
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) {
      const size = anchored.get(node.resolve(document)) ?? 0;
      added += size;
      return size;
    }
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    const size =
      isMap(node) || isSeq(node)
        ? (node.items as readonly unknown[]).reduce<number>((sum, item) => sum + sizeOf(item), 2)
        : isScalar(node)
          ? (node.source?.length ?? 0) + 1
          : 0;
    // An alias follows its anchor.
    anchored.set(node, size);
    return size;
  };
  sizeOf(document.contents);
  return added;
}
