import { expect, test } from "vitest";
import { markup } from "../../../cli/html/markup.ts";

test.each([
  [
    "</script><img src=x onerror=alert(1)>",
    "&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;",
  ],
  ['" onfocus="x', "&#34; onfocus=&#34;x"],
  ["a\u202eb\u200b", "a\\u202eb\\u200b"],
  ["\u001b[31m", "\\x1b[31m"],
  ["::error::x", "&#58;:error::x"],
  ["##vso[x]", "&#35;#vso[x]"],
  ["&amp;", "&#38;amp;"],
])("the foreign text %j is shown as it is written", (text, written) => {
  expect(markup`<p title="${text}">${text}</p>`.text).toBe(`<p title="${written}">${written}</p>`);
});

test("markup, lists of it and numbers are written as they are, and nothing for undefined", () => {
  expect(markup`<ul>${[markup`<li>`, markup`${2}`]}${undefined}</ul>`.text).toBe("<ul><li>2</ul>");
});
