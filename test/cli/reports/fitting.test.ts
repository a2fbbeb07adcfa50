import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitting } from "../../../cli/reports/fitting.ts";

const said = (length: number, limit: number) =>
  `_This is a part: the report has ${length} characters, and a comment at most ${limit}._\n`;

test("a text that fits stays as it is", () => {
  const text = "`".repeat(300);
  expect(fitting(text, 300)).toBe(text);
  expect(fitting(text, 299)).not.toBe(text);
});

describe("a text is cut at the end of a line, and closed:", () => {
  test.each([
    ["nothing is open", "a\nb", "a\nb\n\n"],
    ["a fence", "````diff\n```\n+ a", "````diff\n```\n+ a\n````\n\n"],
    ["a fence that ended", "~~~\na\n~~~~ \nb", "~~~\na\n~~~~ \nb\n\n"],
    [
      "folds",
      "<details><summary>a</summary>\n<details open>",
      "<details><summary>a</summary>\n<details open>\n\n</details>\n\n</details>\n\n",
    ],
    ["a fold that ended", "<details>\n</details>", "<details>\n</details>\n\n"],
    [
      "a fence in a fold",
      "<details>\n```\n</details>",
      "<details>\n```\n</details>\n```\n\n</details>\n\n",
    ],
  ])("%s", (_, start, shown) => {
    const text = `${start}\n${"x".repeat(1_000)}`;
    expect(fitting(text, 500)).toBe(shown + said(text.length, 500));
  });
});

test("no text is longer than the limit, or leaves anything open", () => {
  const line = fc.constantFrom(
    "```",
    "````js",
    "~~~",
    "<details>",
    "</details>",
    "text",
    "x".repeat(90),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 60 }),
      fc.integer({ min: 300, max: 700 }),
      (lines, limit) => {
        const fitted = fitting(lines.join("\n"), limit);
        expect(fitted.length).toBeLessThanOrEqual(limit);
        if (lines.join("\n").length > limit) expect(fitted).toMatch(/\n_This is a part: .*_\n$/);
      },
    ),
  );
});
