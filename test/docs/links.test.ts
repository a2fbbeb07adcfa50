import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { documents } from "./documents.ts";

const BLOCK = /^( *)```.*?^\1```$/gms;
const SPAN = /`[^`\n]+`/g;
const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g;

test("every link in a document leads to an existing file and heading", () => {
  const texts = documents();
  const broken: string[] = [];
  for (const [document, text] of texts) {
    const prose = text.replaceAll(BLOCK, "").replaceAll(SPAN, "");
    for (const [link, file = "", anchor] of prose.matchAll(LINK)) {
      const target = file === "" ? document : join(dirname(document), file);
      const headings = headingsOf(texts.get(target) ?? "");
      const found = existsSync(target) && (anchor === undefined || headings.has(anchor));
      if (!found) broken.push(`${document}: ${link.slice(1)}`);
    }
  }
  expect(broken).toEqual([]);
});

/** The anchors that GitHub gives the headings of a text. */
function headingsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(BLOCK, "").matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
