/**
 * The candidate that a mistyped word most likely meant, for "did you mean …?"; undefined if none is near, that is
 * within a third of the letters. Parts that both begin or end with do not count: of two annotations with the same long
 * prefix, what follows it decides. Case is ignored; between equally near candidates the first wins.
 *
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const meant = candidate.toLowerCase();
    if (!isNear(...differingParts(typed, meant))) continue;
    const edits = editDistance(typed, meant);
    if (best === undefined || edits < best.edits) best = { candidate, edits };
  }
  return best?.candidate;
}

function isNear(typed: string, meant: string): boolean {
  const longer = Math.max(typed.length, meant.length);
  const edits = editDistance(typed, meant);
  return edits === 0 || (edits < longer && edits <= Math.max(1, Math.floor(longer / 3)));
}

/** Both words without the parts that they begin and end with alike, whatever stands between parts. */
function differingParts(one: string, other: string): [string, string] {
  const [a, b] = [one.split(/[-_.:/]/), other.split(/[-_.:/]/)];
  const same = (left: readonly string[], right: readonly string[]) => {
    const differs = left.findIndex((part, index) => part !== right[index]);
    return differs < 0 ? Math.min(left.length, right.length) : differs;
  };
  const leading = same(a, b);
  const [restA, restB] = [a.slice(leading), b.slice(leading)];
  const trailing = same(restA.toReversed(), restB.toReversed());
  return [
    restA.slice(0, restA.length - trailing).join("-"),
    restB.slice(0, restB.length - trailing).join("-"),
  ];
}

/** Letters to insert, delete, replace, or swap with their neighbour, to make one word of the other. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(distances: readonly number[], column: number): number {
  return distances[column] ?? Infinity;
}
