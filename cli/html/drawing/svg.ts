import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { PADDING, shortened, textOf } from "./boxSize.ts";
import type { Size } from "./boxSize.ts";
import type { Box, Frame } from "./graph.ts";
import type { Layout, Placed, PlacedArrow, Point } from "./layout.ts";

/** What a picture says in words. */
export interface Caption {
  /** Unique on a page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Around the picture, so that no line is cut. */
const MARGIN = 4;

const RADIUS = { box: 6, frame: 10 } as const;
const TIP = { length: 9, half: 4 } as const;

/** From the top of a line of text to the line that its letters stand on, as a share of its height. */
const BASELINE = 0.76;

/** @param style of a picture that is a file of its own; the page has the same for its pictures */
export function toSvg(layout: Layout, { id, title, description }: Caption, style?: Markup): Markup {
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" aria-labelledby="${id}-title ${id}-text" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" width="${width}" height="${height}">
<title id="${id}-title">${title}</title>
<desc id="${id}-text">${description}</desc>
${style === undefined ? undefined : markup`<style>${style}</style>\n`}${layout.frames.map(frameOf)}${layout.arrows.map(arrowOf)}${layout.frames.map(frameTextOf)}${layout.boxes.map(boxOf)}</svg>`;
}

function frameOf({ item, ...place }: Placed<Frame>): Markup {
  return markup`<g class="frame ${item.look}">${rectangle(place, RADIUS.frame)}</g>\n`;
}

/** Drawn above the arrows that cross it. */
function frameTextOf({ item, ...place }: Placed<Frame>): Markup {
  return markup`<g class="frame ${item.look}">${textsOf(item.lines, place)}</g>\n`;
}

function boxOf({ item, ...place }: Placed<Box>): Markup {
  const { look, lines } = item;
  return markup`<g class="box ${look}">${rectangle(place, RADIUS.box)}${textsOf(lines, place)}</g>\n`;
}

function rectangle({ x, y, width, height }: Point & Size, radius: number): Markup {
  return markup`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function textsOf(lines: Box["lines"], { x, y }: Point): readonly Markup[] {
  let top = y + PADDING.y;
  return lines.map((line) => {
    const { height } = textOf(line);
    const baseline = top + height * BASELINE;
    top += height;
    return markup`<text class="${line.look}" x="${round(x + PADDING.x)}" y="${round(baseline)}">${shortened(line.text)}</text>`;
  });
}

/** A line along the curves, and a triangle at its tip; a line that ends at a barrier, if nothing arrives. */
function arrowOf({ item, curve, tip }: PlacedArrow): Markup {
  const [start, ...rest] = curve;
  const end = curve.at(-1);
  if (start === undefined || end === undefined) return markup``;
  const line = `M${pair(start)}C${rest.map(pair).join(" ")}`;
  const angle = Math.atan2(tip.y - end.y, tip.x - end.x);
  const beside = (side: number): Point => ({
    x: tip.x - TIP.length * Math.cos(angle) + side * TIP.half * Math.sin(angle),
    y: tip.y - TIP.length * Math.sin(angle) - side * TIP.half * Math.cos(angle),
  });
  const head =
    item.look === "blocked"
      ? `M${pair(beside(2))}L${pair(beside(-2))}`
      : `M${pair(tip)}L${pair(beside(1))}L${pair(beside(-1))}Z`;
  return markup`<g class="arrow ${item.look}"><path class="line" d="${line}"/><path class="tip" d="${head}"/></g>\n`;
}

function pair({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
