import { Markup } from "./markup.ts";

/** The colours of a scheme. Text has a contrast of at least 4.5 to 1 on both backgrounds, and lines of 3 to 1. */
interface Palette {
  readonly page: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly line: string;
  readonly link: string;
  readonly accent: string;
  readonly tint: string;
  readonly stops: string;
  readonly advises: string;
  readonly fine: string;
}

export const LIGHT: Palette = {
  page: "#ffffff",
  surface: "#f6f8fa",
  text: "#1f2328",
  muted: "#57606a",
  border: "#d0d7de",
  line: "#6e7781",
  link: "#0550ae",
  accent: "#0969da",
  tint: "#eaf4ff",
  stops: "#b4141f",
  advises: "#7d4e00",
  fine: "#116329",
};

export const DARK: Palette = {
  page: "#0d1117",
  surface: "#161b22",
  text: "#e6edf3",
  muted: "#9aa4af",
  border: "#343b44",
  line: "#8b949e",
  link: "#79b8ff",
  accent: "#4493f8",
  tint: "#12233a",
  stops: "#ff8078",
  advises: "#e3b341",
  fine: "#56d364",
};

/** The variables with the colours, for a reader's scheme. */
export function colours(selector: string): Markup {
  const of = (palette: Palette) =>
    Object.entries(palette)
      .map(([name, value]) => `--${name}: ${value};`)
      .join(" ");
  return new Markup(`${selector} { color-scheme: light dark; ${of(LIGHT)} }
@media (prefers-color-scheme: dark) { ${selector} { ${of(DARK)} } }
`);
}
