import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  inlineCode,
  toSafeJson,
  escapeMarkdown,
  truncateMarkdown,
  escapeXml,
  escapeXmlAttribute,
  webAddress,
} from "../../../cli/reports/markup.ts";

describe("foreign text as Markdown", () => {
  const S = "<span></span>";

  test.each([
    ["a\r\r## forged\r", "a\\\\x0d\\\\x0d\\#\\# forged"],
    ["a\n\n# forged", "a<br><br>\\# forged"],
    ["a\r\nb", "a<br>b"],
    ["<script>&amp;", "&lt;script&gt;&amp;amp;"],
    [
      "[x](y) ![z](w) `c` *d* _e_ ~~f~~ |",
      "\\[x\\](y) !\\[z\\](w) \\`c\\` \\*d\\* \\_e\\_ \\~\\~" + S + "f\\~\\~ \\|",
    ],
    ["\u001b[2J\u202e", "\\\\x1b\\[2J\\\\u202e"],
    ["ask @octocat or @github/security", `ask @${S}octocat or @${S}github/security`],
    ["#1, GH-1 and !2", `\\#${S}1, GH${S}-1 and !${S}2`],
    ["https://evil.example/login", `https:${S}//evil.example/login`],
    ["WWW.evil.example", `WWW${S}.evil.example`],
    ["$x$ costs $5", `\\$${S}x\\$ costs \\$${S}5`],
    ["- a list", `${S}- a list`],
    ["12. a list", `${S}12. a list`],
    ["=== a heading", `${S}=== a heading`],
    ["::error::x", `${S}::error::x`],
    ["/close", `${S}/close`],
    ["    code", "code"],
    ["nothing to do: a@ b, 3 # 4, a/b", "nothing to do: a@ b, 3 \\# 4, a/b"],
  ])("%j", (text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown);
  });

  test("is a single line without markup for any input", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const markdown = escapeMarkdown(text)
          .replaceAll("<br>", "")
          .replaceAll("<span></span>", "");
        expect(markdown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}<>]/u);
        expect(markdown.replace(/\\[^]/g, "")).not.toMatch(/[`*_[\]|~#$]/);
      }),
    );
  });

  test("is truncated if too long, and states its length", () => {
    expect(truncateMarkdown(10, "1234567890")).toBe("1234567890");
    expect(truncateMarkdown(30, "x".repeat(31))).toBe(`${"x".repeat(13)}… (31 characters)`);
    // Text that escaping lengthens counts with its escaped length.
    expect(truncateMarkdown(30, "*".repeat(16))).toBe(`${"\\*".repeat(6)}… (16 characters)`);
    expect(truncateMarkdown(30, "🔥".repeat(100))).toBe(`${"🔥".repeat(6)}… (200 characters)`);
  });
});

test.each([
  ["shop", "`shop`"],
  ["a`b", "`` a`b ``"],
  ["x`\n\n## forged", "`` x`\\x0a\\x0a## forged ``"],
  ["``", "``` `` ```"],
  ["##[error]x", "`\\x23#[error]x`"],
])("%j as code", (text, code) => {
  expect(inlineCode(text)).toBe(code);
});

test("a printed report contains no command for a CI system", () => {
  expect(escapeXml("a\n  ::error::x ##[error]y")).toBe("a\n  &#58;:error::x &#35;#[error]y");
  expect(escapeXml("a::b #1")).toBe("a::b #1");
  const json = toSafeJson({ a: "##[error]y" }, 0);
  expect(json).toBe('{"a":"\\u0023#[error]y"}\n');
  expect(JSON.parse(json)).toEqual({ a: "##[error]y" });
});

test.each([
  ["https://example.com/a", "https://example.com/a"],
  ["https://ok/)\n\n## forged", "https://ok/%29##%20forged"],
  ["https://ok/(a)#\\", "https://ok/%28a%29#%5c"],
  ["https://ok/?`a|b`", "https://ok/?%60a%7cb%60"],
  ["javascript:alert(1)", undefined],
  ["see the wiki", undefined],
  [undefined, undefined],
])("the URL %j is %j", (text, address) => {
  expect(webAddress(text)).toBe(address);
});

/** What a parser returns: references are resolved, and white space in attributes becomes blanks. */
function resolved(xml: string): string {
  return xml.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

test("markup, quotes and line breaks are escaped if a parser would change them", () => {
  expect(escapeXml(`<a b="c">&amp;'\r\n\t]]>`)).toBe(`&#60;a b="c"&#62;&#38;amp;'&#13;\n\t]]&#62;`);
  expect(escapeXmlAttribute(`"\r\n\t`)).toBe("&#34;&#13;&#10;&#9;");
});

test.each([
  ["\u0000\u0008\u001b[31m\u000b\u000c", "\ufffd\ufffd\ufffd[31m\ufffd\ufffd"],
  ["\u001f \ud7ff\ue000\ufffd\ufffe\uffff", "\ufffd \ud7ff\ue000\ufffd\ufffd\ufffd"],
  ["half \ud83d pair \udd25", "half \ufffd pair \ufffd"],
  ["\u{1f525}\u{10ffff}", "\u{1f525}\u{10ffff}"],
])("%j keeps the characters that XML allows", (text, kept) => {
  expect(escapeXml(text)).toBe(kept);
});

test("any text is preserved, and none of it becomes markup", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(escapeXmlAttribute(text)).not.toMatch(/[<>"\t\n\r]|&(?!#\d+;)/);
      expect(resolved(escapeXmlAttribute(text))).toBe(resolved(escapeXml(text)));
      // Only characters that XML does not allow are lost.
      expect(resolved(escapeXml(text)).replaceAll("\ufffd", "")).toBe(
        Array.from(text)
          .filter((character) => escapeXml(character) !== "\ufffd")
          .join(""),
      );
    }),
  );
});
