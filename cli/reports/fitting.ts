/** Between what fits and the lines that close it. */
const ROOM = 200;

/**
 * A Markdown text of at most so many characters. What does not fit is cut at the end of a line, and said; fences and folds
 * that the cut leaves open are closed.
 */
export function fitting(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const shown: string[] = [];
  let room = limit - ROOM;
  let fence: string | undefined;
  let folds = 0;
  for (const line of text.split("\n")) {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    const opens = fence === undefined ? mark : undefined;
    const closes = fence !== undefined && isEnd(line, fence);
    const fold = fence === undefined && mark === undefined ? foldsIn(line) : 0;
    const closed = closing(closes ? undefined : (fence ?? opens), folds + fold);
    room -= line.length + 1;
    if (room < closed.length) break;
    shown.push(line);
    fence = closes ? undefined : (fence ?? opens);
    folds += fold;
  }
  const said = `_This is a part: the report has ${text.length} characters, and a comment at most ${limit}._`;
  return [...shown, closing(fence, folds), said, ""].join("\n");
}

/** The end of a fence is at least as long as its start, and nothing follows it. */
function isEnd(line: string, fence: string): boolean {
  const end = line.trim();
  return end.startsWith(fence) && end === fence.charAt(0).repeat(end.length);
}

/** How many more folds a line opens than it closes. */
function foldsIn(line: string): number {
  const count = (tag: RegExp) => [...line.matchAll(tag)].length;
  return count(/<details[\s>]/gi) - count(/<\/details>/gi);
}

function closing(fence: string | undefined, folds: number): string {
  return [
    ...(fence === undefined ? [] : [fence]),
    "",
    ...Array<string>(Math.max(0, folds)).fill("</details>\n"),
  ].join("\n");
}
