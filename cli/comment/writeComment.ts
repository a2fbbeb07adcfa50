import { fitting } from "../reports/fitting.ts";
import type { PullRequest } from "./pullRequest.ts";

/** The invisible first line by which a later run finds the comment. */
function markOf(key: string): string {
  // Encoded, the key cannot end the comment of HTML.
  return `<!-- aks-istio: ${encodeURIComponent(key)} -->\n`;
}

/** Writes the one comment with a key, in place of what an earlier run has written; says which of both it did. */
export async function writeComment(
  pullRequest: PullRequest,
  key: string,
  report: string,
): Promise<"added" | "updated"> {
  const mark = markOf(key);
  const text = `${mark}${fitting(report, pullRequest.limit - mark.length)}`;
  const earlier = (await pullRequest.comments()).find((comment) =>
    // GitHub keeps the line breaks of a browser if a person has edited the comment.
    comment.text.replaceAll("\r\n", "\n").startsWith(mark),
  );
  if (earlier === undefined) {
    await pullRequest.add(text);
    return "added";
  }
  await pullRequest.change(earlier, text);
  return "updated";
}
