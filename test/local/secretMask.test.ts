import { expect, test } from "vitest";
import { secretMask } from "../../local/secretMask.ts";
import { UNKNOWN } from "../../local/values.ts";

function mask(...plaintexts: string[]): (text: string) => string {
  return secretMask(
    new Map([
      ["shop:token", { value: "{}", secret: true, plaintexts }],
      ["shop:size", { value: "large", secret: false }],
    ]),
  );
}

test.each([
  ["hunter2", "a hunter2 and xhunter2x", "a [secret] and x[secret]x"],
  ["hunter2", "Hunter2 hunter", "Hunter2 hunter"],
  ["a.c", "abc a.c", "abc [secret]"],
  ["$&(", "is $&(!", "is [secret]!"],
  ["two\nlines", "is two\nlines.", "is [secret]."],
  ["two\nlines", 'is "two\\nlines"', 'is "[secret]"'],
  ["line end\n", "the line end is", "the [secret] is"],
  ['a"b', '{"x":"a\\"b"}', '{"x":"[secret]"}'],
  ["<tag>", '"\\u003ctag\\u003e"', '"[secret]"'],
  ["p@ss/word", "https://u:p%40ss%2Fword@host", "https://u:[secret]@host"],
  ["hunter2", "data: aHVudGVyMg==", "data: [secret]"],
  ["hunter2", "data: aHVudGVyMg", "data: [secret]"],
  ["a>b?c>d", "token=YT5iP2M-ZA", "token=[secret]"],
  [
    "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAAS\n-----END KEY-----\n",
    "'-----BEGIN KEY-----\\n' +\n 'MIIEvQIBADANBgkq\\n' +\n 'hkiG9w0BAQEFAAS\\n'",
    "'-----BEGIN KEY-----\\n' +\n '[secret]\\n' +\n 'hkiG9w0BAQEFAAS\\n'",
  ],
])("%j in %j", (secret, text, shown) => {
  expect(mask(secret)(text)).toBe(shown);
});

test.each(["ab", "a", "", " a", "true", "FALSE", UNKNOWN])("%j is hidden nowhere", (secret) => {
  const text = `<${secret}> ${Buffer.from(secret).toString("base64")}`;
  expect(mask(secret)(text)).toBe(text);
});

test("three letters are hidden", () => {
  expect(mask("abc")("abc")).toBe("[secret]");
});

test("of secrets that begin alike the longer one is hidden whole", () => {
  expect(mask("hunter", "hunter2")("hunter2 hunter")).toBe("[secret] [secret]");
});

test("what is no secret is not hidden, and a secret without plain texts is hidden whole", () => {
  expect(mask("hunter2")("large {}")).toBe("large {}");
  const whole = secretMask(new Map([["shop:token", { value: "hunter2", secret: true }]]));
  expect(whole("is hunter2")).toBe("is [secret]");
});
