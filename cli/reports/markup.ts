import { inLog, inTerminal, inTerminalLine } from "./foreignText.ts";

/** Breaks a word in two for those who look for words, and shows nothing. */
const SPLIT = "<span></span>";

/**
 * Text from a program or a pack as Markdown that shows it as it is. It becomes no markup, and no command of GitLab; it
 * mentions nobody, refers to no issue and links to nothing, which GitHub and GitLab look for in the text that is left
 * when the markup is read.
 *
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
export function inMarkdown(text: string): string {
  return inTerminal(text.trim())
    .replaceAll("\t", " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~#$]/g, (character) => `\\${character}`)
    .replace(/\bwww(?=\.)|\bGH(?=-\d)|:(?=\/\/)|[@#!%$~](?=\w)/gi, (trigger) => trigger + SPLIT)
    .replace(/^(?=[-+=/:]|\d+[.)])/, SPLIT)
    .replaceAll("\n", "<br>");
}

/** The same, cut where it would be longer than a number of characters. */
export function inMarkdownUpTo(limit: number, text: string): string {
  let length = Math.min(text.length, limit);
  let shown = inMarkdown(text.slice(0, length));
  if (length === text.length && shown.length <= limit) return shown;
  const end = `… (${text.length} characters)`;
  while (shown.length + end.length > limit) {
    // No half of a character, which would be shown as its code.
    length = Math.floor((length * (limit - end.length)) / shown.length);
    shown = inMarkdown(text.slice(0, length).replace(/[\ud800-\udbff]$/, ""));
  }
  return shown + end;
}

/** Text from a program or a pack as code in the middle of a line. */
export function inCode(text: string): string {
  const line = inLog(inTerminalLine(text)).trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const blank = longest > 0 || line === "" ? " " : "";
  return `${fence}${blank}${line}${blank}${fence}`;
}

/** The address that a pack gives, as a link can hold it; undefined for what is none of the web. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  return href.replace(/[()<>\\`|]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** JSON that is no command to a CI system which prints it. */
export function inJson(value: object, indent: number): string {
  return `${JSON.stringify(value, null, indent).replace(/#(?=#)/g, "\\u0023")}\n`;
}

/** Everything that is no character of XML 1.0, in which not even an escape may stand for it. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text of an XML element that a parser gives back as it is, and that is no command to a CI system which prints it. */
export function inXml(text: string): string {
  return text
    .replace(NO_XML, "\u{FFFD}")
    .replace(
      /[&<>\r]|(?<=^[^\S\n]*):(?=:)|#(?=#)/gm,
      (character) => `&#${character.charCodeAt(0)};`,
    );
}

/** The same for the double quotes of an attribute, where a parser takes every white space for a blank. */
export function inXmlAttribute(text: string): string {
  return inXml(text).replace(/["\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
