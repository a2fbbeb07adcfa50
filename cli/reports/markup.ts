/** Text from a program or a pack as Markdown that shows it as it is: it must not become markup. */
export function inMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|]/g, (character) => `\\${character}`)
    .replaceAll("\n", "<br>");
}

/** Everything that is no character of XML 1.0, in which not even an escape may stand for it. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text of an XML element that a parser gives back as it is. */
export function inXml(text: string): string {
  return text
    .replace(NO_XML, "\u{FFFD}")
    .replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The same for the double quotes of an attribute, where a parser takes every white space for a blank. */
export function inXmlAttribute(text: string): string {
  return inXml(text).replace(/["\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
