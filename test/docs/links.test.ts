import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { linksIn, withoutBlocks } from "../support/links.ts";
import { documents } from "./documents.ts";

test("every link in a document leads to an existing file and heading", () => {
  const texts = documents();
  const broken: string[] = [];
  for (const [document, text] of texts) {
    for (const { link, file, anchor } of linksIn(text)) {
      const target = file === "" ? document : join(dirname(document), file);
      const headings = headingsOf(texts.get(target) ?? "");
      const found = existsSync(target) && (anchor === undefined || headings.has(anchor));
      if (!found) broken.push(`${document}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

/** The anchors that GitHub gives the headings of a text. */
function headingsOf(text: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
