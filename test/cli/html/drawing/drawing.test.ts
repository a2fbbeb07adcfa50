import { beforeAll, describe, expect, test } from "vitest";
import type { Box, Graph } from "../../../../cli/html/drawing/graph.ts";
import { graphviz } from "../../../../cli/html/drawing/layout.ts";
import type { LayOut } from "../../../../cli/html/drawing/layout.ts";
import { toSvg } from "../../../../cli/html/drawing/svg.ts";
import { textWidth } from "../../../../cli/html/drawing/textWidth.ts";

const EVIL = 'a"\\N<b>';

const box = (id: string, within?: string): Box => ({
  ...(within === undefined ? {} : { within }),
  ...{ id, look: "member", lines: [{ text: id, look: "title" }] },
});
const graph: Graph = {
  frames: [
    { id: "outer", look: "cluster", lines: [{ text: EVIL, look: "title" }] },
    { id: "inner", within: "outer", look: "namespace", lines: [{ text: "shop", look: "title" }] },
  ],
  boxes: [box(EVIL, "inner"), box("b", "inner"), box("c", "outer")],
  arrows: [{ from: EVIL, to: "b", look: "perhaps" }],
};
let layOut: LayOut;

beforeAll(async () => {
  layOut = await graphviz();
});

test("boxes and frames are within the frames around them, whatever their names are", () => {
  const { boxes, frames, width, height } = layOut(graph);
  const all = [...boxes, ...frames];
  expect(all.map(({ item }) => item.id).sort()).toEqual([EVIL, "b", "c", "inner", "outer"].sort());
  for (const one of all) {
    const around = frames.find(({ item }) => item.id === one.item.within);
    const outer = around ?? { x: 0, y: 0, width, height };
    expect(one.x).toBeGreaterThanOrEqual(outer.x);
    expect(one.y).toBeGreaterThanOrEqual(outer.y);
    expect(one.x + one.width).toBeLessThanOrEqual(outer.x + outer.width);
    expect(one.y + one.height).toBeLessThanOrEqual(outer.y + outer.height);
  }
});

test("boxes that no arrow touches are in rows of four", () => {
  const names = ["a", "b", "c", "d", "e"];
  const { boxes } = layOut({ frames: [], boxes: names.map((name) => box(name)), arrows: [] });
  expect(new Set(boxes.map(({ x }) => Math.round(x))).size).toBe(4);
});

test("a picture that is too wide from left to right is drawn from top to bottom", () => {
  const names = Array.from({ length: 12 }, (_, i) => `workload-${i}`);
  const arrows = names
    .slice(1)
    .map((to, i) => ({ from: names[i] ?? "", to, look: "may" as const }));
  const { width, height } = layOut({ frames: [], boxes: names.map((name) => box(name)), arrows });
  expect(width).toBeLessThan(height);
});

describe("an SVG", () => {
  test("has its words, a group for each part, and escaped text", () => {
    const caption = { id: "p", title: EVIL, description: "in words" };
    const { text } = toSvg(layOut(graph), caption);
    expect(text).toContain('role="img" aria-labelledby="p-title p-text"');
    expect(text).toContain('<desc id="p-text">in words</desc>');
    expect([...text.matchAll(/<g class="([^"]+)"/g)].map(([, look]) => look)).toEqual([
      ...["frame cluster", "frame namespace", "arrow perhaps"],
      ...["frame cluster", "frame namespace", "box member", "box member", "box member"],
    ]);
    expect(text).not.toContain("<b>");
    expect(text).toContain("a&#34;\\N&#60;b&#62;");
  });
});

test.each([
  ["", 0],
  ["i", 0.222],
  ["W", 0.944],
  ["中", 1],
])("the width of %j", (text, ems) => {
  expect(textWidth(text, 100, false)).toBeCloseTo(ems * 100 * 1.06);
  expect(textWidth(text, 100, true)).toBeCloseTo(ems * 100 * 1.06 * 1.08);
});
