import { instance } from "@viz-js/viz";
import type { Graph as VizGraph, Subgraph } from "@viz-js/viz";
import { boxSize, textSize } from "./boxSize.ts";
import type { Size } from "./boxSize.ts";
import type { Arrow, Box, Frame, Graph } from "./graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where something is, in pixels from the top left corner. */
export interface Placed<T> extends Size, Point {
  readonly item: T;
}

/** An arrow along Bézier curves: their points, and the tip. */
export interface PlacedArrow {
  readonly item: Arrow;
  readonly curve: readonly Point[];
  readonly tip: Point;
}

export interface Layout extends Size {
  readonly frames: readonly Placed<Frame>[];
  readonly boxes: readonly Placed<Box>[];
  readonly arrows: readonly PlacedArrow[];
}

/** Lays out a picture. */
export type LayOut = (graph: Graph) => Layout;

/** Graphviz measures in points and inches; here, a point is a pixel. */
const PER_INCH = 72;

/** Boxes without arrows are in rows of this many. */
const ROW = 4;

/** The width of a page's column: a picture that is wider from left to right is drawn from top to bottom. */
const COLUMN = 1130;

/** Starts Graphviz, which takes a moment. */
export async function graphviz(): Promise<LayOut> {
  const viz = await instance();
  const laidOut = (graph: Graph, direction: string) =>
    layoutIn(
      JSON.parse(
        viz.renderString(toViz(graph, direction), { format: "json0", yInvert: true }),
      ) as Answer,
      graph,
    );
  return (graph) => {
    const across = laidOut(graph, "LR");
    if (across.width <= COLUMN) return across;
    const down = laidOut(graph, "TB");
    return down.width < across.width ? down : across;
  };
}

function toViz(graph: Graph, direction: string): VizGraph {
  const { boxes, arrows } = graph;
  const nameOf = namesIn(graph);
  const between = (tail: string, head: string) => ({ tail: nameOf(tail), head: nameOf(head) });
  return {
    directed: true,
    graphAttributes: { rankdir: direction, ranksep: 0.6, nodesep: 0.22, pad: 0, newrank: true },
    nodeAttributes: { shape: "box", fixedsize: true, label: "" },
    edgeAttributes: { arrowsize: 0.8 },
    ...contentsOf(graph, undefined, nameOf),
    edges: [
      ...arrows.map(({ from, to }, id) => ({ ...between(from, to), attributes: { id } })),
      ...rowsOf(boxes, arrows).map(([tail, head]) => ({
        ...between(tail, head),
        attributes: { style: "invis", weight: 0 },
      })),
    ],
  };
}

/** Names for Graphviz, which reads some characters of a name as markup. */
function namesIn({ boxes, frames }: Graph): (id: string) => string {
  const names = new Map([
    ...boxes.map(({ id }, i) => [id, `box${i}`] as const),
    ...frames.map(({ id }, i) => [id, `cluster${i}`] as const),
  ]);
  return (id) => names.get(id) ?? "";
}

/** The boxes and frames in a frame, or those that are in none. */
function contentsOf(
  graph: Graph,
  within: string | undefined,
  nameOf: (id: string) => string,
): Pick<Subgraph, "nodes" | "subgraphs"> {
  return {
    nodes: graph.boxes
      .filter((box) => box.within === within)
      .map((box) => {
        const { width, height } = boxSize(box);
        return {
          name: nameOf(box.id),
          attributes: { width: width / PER_INCH, height: height / PER_INCH },
        };
      }),
    subgraphs: graph.frames
      .filter((frame) => frame.within === within)
      .map((frame) => ({
        name: nameOf(frame.id),
        graphAttributes: {
          ...{ margin: 14, labeljust: "l", fontsize: 12, fontname: "Helvetica" },
          label: placeholder(frame),
        },
        ...contentsOf(graph, frame.id, nameOf),
      })),
  };
}

/** A text of the size of a frame's own, which Graphviz could read as markup. */
function placeholder({ lines }: Frame): string {
  const WIDTH_OF_M = 10;
  const line = "m".repeat(Math.ceil(textSize(lines).width / WIDTH_OF_M));
  return `${lines.map(() => line).join("\n")}\n`;
}

/** Pairs of neighbours: the boxes of a frame that no arrow touches, in rows. */
function rowsOf(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
): readonly (readonly [string, string])[] {
  const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const alone = boxes.filter(({ id }) => !touched.has(id));
  return [...new Set(alone.map(({ within }) => within))].flatMap((frame) =>
    alone
      .filter(({ within }) => within === frame)
      .flatMap(({ id }, i, row) => {
        const next = row[i + 1];
        return next === undefined || (i + 1) % ROW === 0 ? [] : [[id, next.id] as const];
      }),
  );
}

/** What Graphviz answers. */
interface Answer {
  readonly bb: string;
  readonly objects?: readonly {
    readonly name: string;
    readonly bb?: string;
    readonly pos?: string;
  }[];
  readonly edges?: readonly { readonly id?: string; readonly pos?: string }[];
}

function layoutIn({ bb, objects = [], edges = [] }: Answer, graph: Graph): Layout {
  // The origin is at the top.
  const [, height = 0, width = 0] = numbers(bb);
  const nameOf = namesIn(graph);
  const byName = new Map(objects.map((object) => [object.name, object]));
  return {
    ...{ width: Math.ceil(width), height: Math.ceil(height) },
    frames: graph.frames.flatMap((item) => {
      const edge = byName.get(nameOf(item.id))?.bb;
      if (edge === undefined) return [];
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers(edge);
      const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
      return [{ item, x: x1, y: top, width: x2 - x1, height: bottom - top }];
    }),
    boxes: graph.boxes.flatMap((item) => {
      const position = byName.get(nameOf(item.id))?.pos;
      if (position === undefined) return [];
      const [x = 0, y = 0] = numbers(position);
      const size = boxSize(item);
      return [{ item, ...size, x: x - size.width / 2, y: y - size.height / 2 }];
    }),
    arrows: edges.flatMap(({ id = "", pos = "" }) => {
      const item = graph.arrows[Number(id)];
      // An arrow without an id only keeps a row.
      return item === undefined || id === "" ? [] : [{ item, ...curveOf(pos) }];
    }),
  };
}

/** `e,10,20 1,2 3,4 5,6 7,8`: the tip, and the points of the curves. */
function curveOf(pos: string): { readonly curve: readonly Point[]; readonly tip: Point } {
  const points = pos.split(" ").map((part) => {
    const [x = 0, y = 0] = numbers(part.replace(/^[es],/, ""));
    return { x, y };
  });
  const curve = points.filter((_, i) => !/^[es],/.test(pos.split(" ")[i] ?? ""));
  const end = pos.split(" ").findIndex((part) => part.startsWith("e,"));
  return { curve, tip: points[end] ?? curve.at(-1) ?? { x: 0, y: 0 } };
}

function numbers(text: string): readonly number[] {
  return text.split(",").map(Number);
}
