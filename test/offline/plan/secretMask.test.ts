import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { SecretMask } from "../../../offline/plan/secretMask.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";

function mask(...plaintexts: string[]): (text: string) => string {
  const secrets = SecretMask.ofConfig(
    new Map([
      ["shop:token", { value: "{}", secret: true, plaintexts }],
      ["shop:size", { value: "large", secret: false }],
    ]),
  );
  return (text) => secrets.hide(text);
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
  // `Authorization: Basic` with a user and a password: its first and last letters depend on both.
  ["hunter2-hunter2", btoa("admin:hunter2-hunter2"), "YWRtaW46[secret]"],
  ["hunter2-hunter2", btoa("root:hunter2-hunter2!"), "cm9vdDp[secret]Ih"],
  ["hunter2-hunter2", btoa("me:hunter2-hunter2"), "bWU6[secret]"],
  ["hunter2", "hex 68756e74657232", "hex [secret]"],
  ["hunter2", "HEX 68756E74657232", "HEX [secret]"],
  ["hunter2", "is <Buffer 68 75 6e 74 65 72 32>", "is <Buffer [secret]>"],
  ["s".repeat(60), inspect(Buffer.from("s".repeat(60))), "<Buffer [secret] ... 10 more bytes>"],
  ["it's a word", "q=it%27s+a+word", "q=[secret]"],
  ['a"b\nc', inspect({ key: 'a"b\nc' }), "{ key: '[secret]' }"],
  ['a"b', JSON.stringify(JSON.stringify({ key: 'a"b' })), '"{\\"key\\":\\"[secret]\\"}"'],
  [
    "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAAS\n-----END KEY-----\n",
    "'-----BEGIN KEY-----\\n' +\n 'MIIEvQIBADANBgkq\\n' +\n 'hkiG9w0BAQEFAAS\\n'",
    "'-----BEGIN KEY-----\\n' +\n '[secret]\\n' +\n 'hkiG9w0BAQEFAAS\\n'",
  ],
])("%j in %j", (secret, text, shown) => {
  expect(mask(secret)(text)).toBe(shown);
});

test.each(["ab", "a", "", " a", "true", "FALSE", UNKNOWN])("%j is masked nowhere", (secret) => {
  const text = `<${secret}> ${Buffer.from(secret).toString("base64")}`;
  expect(mask(secret)(text)).toBe(text);
});

test("three letters are masked", () => {
  expect(mask("abc")("abc")).toBe("[secret]");
});

test("of secrets with a common start, the longer one is masked completely", () => {
  expect(mask("hunter", "hunter2")("hunter2 hunter")).toBe("[secret] [secret]");
});

test("other values are not masked, and a secret without plain texts is masked completely", () => {
  expect(mask("hunter2")("large {}")).toBe("large {}");
  const whole = SecretMask.ofConfig(new Map([["shop:token", { value: "hunter2", secret: true }]]));
  expect(whole.hide("is hunter2")).toBe("is [secret]");
});

const KUBECONFIG = `apiVersion: v1
kind: Config
users:
  - name: admin
    user:
      client-key-data: ${btoa("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n-----END KEY-----\n")}
      token: token-of-the-admin
`;

test.each([
  ['{"user":"admin","password":"pass-word"}', "of admin: pass-word", "of [secret]: [secret]"],
  ['{"deep":[{"pin":1234}]}', "pin 1234", "pin [secret]"],
  ['{"auths":"{\\"auth\\":\\"inner-one\\"}"}', "is inner-one", "is [secret]"],
  [KUBECONFIG, "token-of-the-admin", "[secret]"],
  [KUBECONFIG, "key MIIEvQIBADANBgkq", "key [secret]"],
  ["postgres://me:p%40ss-word@db/shop", "p@ss-word, p%40ss-word", "[secret], [secret]"],
  ["AccountName=shop;AccountKey=a2V5LWtleQ==;Suffix=x", "key a2V5LWtleQ==", "key [secret]"],
  // Not inside other words, where it would reveal nothing.
  [KUBECONFIG, "ConfigMap administrator", "ConfigMap administrator"],
  ['{"on":true,"off":"false","none":null}', "true false null", "true false null"],
  ['{"not":"json"', "json", "json"],
])("parts that a program extracts from %j are masked in %j", (secret, text, shown) => {
  expect(mask(secret)(text)).toBe(shown);
});

test("overlapping secrets are masked completely", () => {
  expect(mask("abc-def", "def-ghi", "hi-jkl")("<abc-def-ghi-jkl>")).toBe("<[secret]>");
  expect(mask("abc", "bcd")("abc abcd bcd")).toBe("[secret] [secret] [secret]");
});

test("a secret may be as long as an environment variable", () => {
  const long = randomBytes(90_000).toString("base64");
  expect(mask(long)(`<${long}>`)).toBe("<[secret]>");
});

test("the time to mask a text does not depend on the number of secrets", () => {
  const secrets = Array.from({ length: 50 }, () => randomBytes(24).toString("base64"));
  const hide = mask(...secrets);
  const text = randomBytes(3_000_000).toString("base64");
  const started = performance.now();
  expect(hide(text)).toBe(text);
  // A tenth of a second on an idle machine.
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("chunks of a text are masked like the whole text", () => {
  const secrets = new SecretMask(["abc-def", '{"word":"def"}', "two\nlines"]);
  const text = 'x abc-def-def defs {"word":"def"} abc-abc-de two\nlines two\nline abc-def';
  for (let size = 1; size < text.length; size++) {
    const stream = secrets.stream();
    let shown = "";
    for (let i = 0; i < text.length; i += size) shown += stream.push(text.slice(i, i + size));
    expect(shown + stream.end()).toBe(
      "x [secret]-[secret] defs [secret] abc-abc-de [secret] two\nline [secret]",
    );
  }
});
