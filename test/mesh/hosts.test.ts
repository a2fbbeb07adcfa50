import { expect, test } from "vitest";
import { hostProblem } from "../../mesh/hosts.ts";

const LABELS =
  "must consist of dot-separated labels of lowercase letters, digits and hyphens, such as shop.example.com";

const label = (length: number) => "a".repeat(length);
const long = (last: number) => [label(63), label(63), label(63), label(last)].join(".");

test.each([
  "shop.example.com",
  "a.b",
  "1password.example",
  "xn--bcher-kva.example",
  `${label(63)}.example`,
  long(61),
])("%s is a host", (host) => {
  expect(hostProblem(host)).toBeUndefined();
});

test.each([
  ["*", "must be a full name without *"],
  ["*.example.com", "must be a full name without *"],
  ["shop", "must be a fully qualified name, such as shop.example.com"],
  ["", "must be a fully qualified name, such as shop.example.com"],
  ["10.0.0.1", "must be a name, not an address"],
  ["Shop.example.com", LABELS],
  ["shop_.example.com", LABELS],
  ["-shop.example.com", LABELS],
  ["shop-.example.com", LABELS],
  ["shop..example.com", LABELS],
  ["shop.example.com.", LABELS],
  ["https://shop.example.com", LABELS],
  ["shop.example.com:443", LABELS],
  [`${label(64)}.example`, LABELS],
  [long(62), "must be at most 253 characters long, but has 254"],
])("%s is not a host", (host, problem) => {
  expect(hostProblem(host)).toBe(problem);
});
