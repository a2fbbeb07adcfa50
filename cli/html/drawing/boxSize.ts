import type { Box, Line } from "./graph.ts";
import { textWidth } from "./textWidth.ts";

/** The text of boxes and frames, in pixels. The style of the page sets the same sizes. */
export const TEXT = {
  title: { size: 13, height: 18 },
  detail: { size: 12, height: 16 },
} as const;

/** Between the text and the edge of a box, and of a frame. */
export const PADDING = { x: 14, y: 9 } as const;

const LEAST_WIDTH = 96;

/** Longer text is cut: the tables beside a picture have all of it. */
const MAX_CHARACTERS = 80;

export function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > MAX_CHARACTERS
    ? `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`
    : text;
}

export function textOf({ look }: Pick<Line, "look">): (typeof TEXT)[keyof typeof TEXT] {
  return look === "title" ? TEXT.title : TEXT.detail;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function boxSize({ lines }: Pick<Box, "lines">): Size {
  const { width, height } = textSize(lines);
  return {
    width: Math.max(width + 2 * PADDING.x, LEAST_WIDTH),
    height: height + 2 * PADDING.y,
  };
}

/** The size of lines of text. */
export function textSize(lines: readonly Line[]): Size {
  return {
    width: Math.ceil(Math.max(...lines.map(widthOf))),
    height: lines.reduce((sum, line) => sum + textOf(line).height, 0),
  };
}

function widthOf({ text, look }: Line): number {
  // Every line but a detail is bold.
  return textWidth(shortened(text), textOf({ look }).size, look !== "detail");
}
