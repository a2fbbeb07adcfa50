import { escapeForLog, escapeForTerminal, escapeForTerminalLine } from "./foreignText.ts";

/** Invisible; splits a word so that no reader recognizes it. */
const SPLIT = "<span></span>";

/**
 * Escapes text from a program or a pack as Markdown that shows it verbatim. It contains no markup and no GitLab
 * command, and creates no mentions, issue references or links, which GitHub and GitLab detect in the text after they
 * parse the markup.
 *
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
export function escapeMarkdown(text: string): string {
  return escapeForTerminal(text.trim())
    .replaceAll("\t", " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~#$]/g, (character) => `\\${character}`)
    .replace(/\bwww(?=\.)|\bGH(?=-\d)|:(?=\/\/)|[@#!%$~](?=\w)/gi, (trigger) => trigger + SPLIT)
    .replace(/^(?=[-+=/:]|\d+[.)])/, SPLIT)
    .replaceAll("\n", "<br>");
}

/** The same, truncated to a number of characters. */
export function truncateMarkdown(limit: number, text: string): string {
  let length = Math.min(text.length, limit);
  let shown = escapeMarkdown(text.slice(0, length));
  if (length === text.length && shown.length <= limit) return shown;
  const end = `… (${text.length} characters)`;
  while (shown.length + end.length > limit) {
    // An unpaired surrogate would show as its code.
    length = Math.floor((length * (limit - end.length)) / shown.length);
    shown = escapeMarkdown(text.slice(0, length).replace(/[\ud800-\udbff]$/, ""));
  }
  return shown + end;
}

/** Text from a program or a pack as inline code. */
export function inlineCode(text: string): string {
  const line = escapeForLog(escapeForTerminalLine(text)).trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const blank = longest > 0 || line === "" ? " " : "";
  return `${fence}${blank}${line}${blank}${fence}`;
}

/** The URL from a pack, escaped for a link; undefined unless it is an HTTP or HTTPS URL. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  return href.replace(/[()<>\\`|]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** JSON that a CI system does not read as a command when it prints it. */
export function toSafeJson(value: object, indent: number): string {
  return `${JSON.stringify(value, null, indent).replace(/#(?=#)/g, "\\u0023")}\n`;
}

/** Characters that XML 1.0 does not allow, not even escaped. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * Escapes the text of an XML element. A parser returns it unchanged, and a CI system that prints it does not read it as
 * a command.
 */
export function escapeXml(text: string): string {
  return text
    .replace(NO_XML, "\u{FFFD}")
    .replace(
      /[&<>\r]|(?<=^[^\S\n]*):(?=:)|#(?=#)/gm,
      (character) => `&#${character.charCodeAt(0)};`,
    );
}

/** The same for a double-quoted attribute, in which parsers turn white space into blanks. */
export function escapeXmlAttribute(text: string): string {
  return escapeXml(text).replace(/["\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
