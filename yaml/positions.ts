import { isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import type { Document, LineCounter, Node, Pair, YAMLMap } from "yaml";

/** A position in a text. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A step into a value: a key of a map or an index of a list. */
type Step = string | number;

/** The position of a node or a key; undefined if it does not come from the text. */
export function positionOf(node: unknown, lines: LineCounter): Position | undefined {
  const [start] = (node as Partial<Node> | undefined)?.range ?? [];
  if (start === undefined) return undefined;
  const { line, col: column } = lines.linePos(start);
  return { line, column };
}

/**
 * The position of the value at a path below a node: of its key in a map, or of the item of a list. If the path leads
 * further than the text, the position of its last step that exists; undefined if the first one does not.
 */
export function positionBelow(
  node: unknown,
  steps: readonly Step[],
  { document, lines }: { readonly document: Document; readonly lines: LineCounter },
): Position | undefined {
  let position: Position | undefined;
  let value = node;
  for (const step of steps) {
    const container: unknown = isAlias(value) ? value.resolve(document) : value;
    let next: unknown;
    if (isMap(container)) {
      const pair = pairOf(container, String(step));
      [next, value] = [pair?.key, pair?.value];
    } else if (isSeq(container) && typeof step === "number") {
      next = value = container.items[step];
    }
    if (next === undefined) break;
    position = positionOf(next, lines) ?? position;
  }
  return position;
}

export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

/** The key of a pair, if it is a scalar. */
export function keyOf(pair: unknown): string {
  return isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : "";
}
