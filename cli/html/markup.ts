import { escapeForTerminal } from "../reports/foreignText.ts";
import { escapeXmlAttribute } from "../reports/markup.ts";

/** Markup, which is written as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | undefined | Markup | readonly Part[];

/**
 * Markup from a template. Texts in it are foreign, in elements and in double-quoted attributes: markup is escaped, and
 * control characters, invisible ones and marks of direction are shown by their codes.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: template }, ...parts.map(written)));
}

function written(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeXmlAttribute(escapeForTerminal(part));
  if (typeof part === "number") return String(part);
  return part instanceof Markup ? part.text : part.map(written).join("");
}
