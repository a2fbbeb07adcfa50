import fc from "fast-check";
import { expect, test } from "vitest";
import { inXml, inXmlAttribute } from "../../../cli/reports/markup.ts";

/** What a parser gives back: references resolved, and the white space of an attribute made blanks. */
function resolved(xml: string): string {
  return xml.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

test("markup, quotes and line ends are escaped where they would not come back", () => {
  expect(inXml(`<a b="c">&amp;'\r\n\t]]>`)).toBe(`&#60;a b="c"&#62;&#38;amp;'&#13;\n\t]]&#62;`);
  expect(inXmlAttribute(`"\r\n\t`)).toBe("&#34;&#13;&#10;&#9;");
});

test.each([
  ["\u0000\u0008\u001b[31m\u000b\u000c", "\ufffd\ufffd\ufffd[31m\ufffd\ufffd"],
  ["\u001f \ud7ff\ue000\ufffd\ufffe\uffff", "\ufffd \ud7ff\ue000\ufffd\ufffd\ufffd"],
  ["half \ud83d pair \udd25", "half \ufffd pair \ufffd"],
  ["\u{1f525}\u{10ffff}", "\u{1f525}\u{10ffff}"],
])("%j keeps the characters that XML has", (text, kept) => {
  expect(inXml(text)).toBe(kept);
});

test("any text comes back, and nothing of it is markup", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(inXmlAttribute(text)).not.toMatch(/[<>"\t\n\r]|&(?!#\d+;)/);
      expect(resolved(inXmlAttribute(text))).toBe(resolved(inXml(text)));
      // What is no character of XML is all that is lost.
      expect(resolved(inXml(text)).replaceAll("\ufffd", "")).toBe(
        Array.from(text)
          .filter((character) => inXml(character) !== "\ufffd")
          .join(""),
      );
    }),
  );
});
