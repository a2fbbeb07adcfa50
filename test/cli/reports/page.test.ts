import fc from "fast-check";
import { expect, test } from "vitest";
import { layOutPage } from "../../../cli/reports/page.ts";
import type { Section } from "../../../cli/reports/page.ts";

const more = (left: number) => `${left} more`;
const items = (...texts: string[]) => texts.map((text) => ({ text }));

test("everything is shown if it fits", () => {
  const sections: Section[] = [
    { head: "# A" },
    { head: "B", items: items("b1", "b2"), separator: "\n", more, tail: "end" },
    { items: items("c1", "c2"), more },
    { items: [], more },
  ];
  expect(layOutPage(sections, 1_000)).toBe("# A\n\nB\n\nb1\nb2\n\nend\n\nc1\n\nc2\n");
});

test("the first items are shown, and the rest is counted", () => {
  const long = "x".repeat(40);
  const sections: Section[] = [
    {
      head: "A",
      items: [
        { text: long, count: 2 },
        { text: long, count: 3 },
        { text: long, count: 4 },
      ],
      more,
    },
    { head: "B", items: items(long, long), more },
    { head: "end" },
  ];
  expect(layOutPage(sections, 130)).toBe(
    `A\n\n${long}\n\n${long}\n\n4 more\n\nB\n\n2 more\n\nend\n`,
  );
});

test("an item that is too long ends its section, so no item is skipped", () => {
  const sections: Section[] = [{ items: items("a", "x".repeat(200), "b"), more }];
  expect(layOutPage(sections, 60)).toBe("a\n\n2 more\n");
});

test("a page never exceeds the limit", () => {
  const section = fc.record({
    head: fc.string({ maxLength: 10 }),
    items: fc.array(fc.record({ text: fc.string({ maxLength: 300 }), count: fc.nat(50) }), {
      maxLength: 30,
    }),
    separator: fc.constantFrom("\n", "\n\n"),
    tail: fc.string({ maxLength: 10 }),
  });
  fc.assert(
    fc.property(fc.array(section, { maxLength: 8 }), (sections) => {
      const text = layOutPage(
        sections.map((given) => ({ ...given, more })),
        600,
      );
      expect(text.length).toBeLessThanOrEqual(600);
    }),
  );
});

test("heads that do not fit are cut, and their folds closed", () => {
  const stacks = Array.from({ length: 40 }, (_, i) => [
    { head: `<details><summary>stack ${i}</summary>` },
    { head: "</details>" },
  ]);
  const page = layOutPage(stacks.flat(), 1_000);
  expect(page.length).toBeLessThanOrEqual(1_000);
  expect(page.match(/<details>/g)?.length).toBe(page.match(/<\/details>/g)?.length);
  expect(page).toMatch(
    /\n_This is a part: the report has \d+ characters, and a comment at most 1000\._\n$/,
  );
});
