const CONTEXT = 2;

type Mark = " " | "-" | "+";

/** How two texts differ, line by line, with the lines around each difference; empty if they are the same. */
export function lineDiff(before: string, after: string): readonly string[] {
  const lines = marked(before.split("\n"), after.split("\n"));
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([mark]) => mark !== " ");
  return lines.flatMap(([mark, line], index) => {
    if (!isNear(index)) return [];
    const gap = index > 0 && !isNear(index - 1) ? ["  …"] : [];
    return [...gap, `${mark} ${line}`.trimEnd()];
  });
}

/** The lines of both texts, with as many common ones as possible. */
function marked(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [Mark, string])[] {
  const common = commonLengths(before, after);
  const lines: [Mark, string][] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [was, is] = [before[i], after[j]];
    if (was !== undefined && was === is) {
      lines.push([" ", was]);
      [i, j] = [i + 1, j + 1];
    } else if (
      was !== undefined &&
      (is === undefined || at(common, i + 1, j) >= at(common, i, j + 1))
    ) {
      lines.push(["-", was]);
      i += 1;
    } else {
      lines.push(["+", is ?? ""]);
      j += 1;
    }
  }
  return lines;
}

/** The number of common lines from each line of both texts on. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const common: number[][] = [];
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row: number[] = [];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j]
          ? at(common, i + 1, j + 1) + 1
          : Math.max(at(common, i + 1, j), row[j + 1] ?? 0);
    }
    common[i] = row;
  }
  return common;
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}
