import { escapeForTerminalLine } from "./foreignText.ts";
import { escapeMarkdown } from "./markup.ts";

type Rows = readonly (readonly string[])[];

/** Rows in columns, a line each; the first row has as many cells as any. */
export function textTable(rows: Rows): readonly string[] {
  const shown = rows.map((row) => row.map(escapeForTerminalLine));
  const widths =
    shown[0]?.map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0))) ?? [];
  return shown.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** The same as a table of Markdown, whose first row is the header. */
export function markdownTable([header = [], ...rows]: Rows): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [header, header.map(() => "---"), ...rows.map((row) => row.map(escapeMarkdown))].map(line);
}
