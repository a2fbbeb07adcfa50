import { styleText } from "node:util";

type Style = (text: string) => string;

export type Styles = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", Style>>;

/** Colours for a terminal; plain text for a pipe or if NO_COLOR is set (https://no-color.org). */
export function stylesFor(stream: { readonly isTTY?: boolean }): Styles {
  const enabled = stream.isTTY === true && (process.env["NO_COLOR"] ?? "") === "";
  const style =
    (format: keyof Styles): Style =>
    (text) =>
      enabled ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}

/** Line width if the width of the screen is unknown. */
export const WIDTH = 120;
