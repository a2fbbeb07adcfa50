/**
 * The candidate that a mistyped word most likely meant, for "did you mean …?"; undefined if none differs in at most a
 * third of the letters. Common leading and trailing parts do not count: for two annotations with the same long prefix,
 * only the rest is compared. Case is ignored; among equally close candidates the first wins.
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

/** Both words without their common leading and trailing parts, regardless of the separators. */
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

/** Number of letters to insert, delete, replace or swap to turn one word into the other. */
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
