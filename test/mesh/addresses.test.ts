import { expect, test } from "vitest";
import { isIPv4Range } from "../../mesh/addresses.ts";

test.each([
  ["0.0.0.0/0", true],
  ["198.51.100.0/24", true],
  ["198.51.100.7/32", true],
  ["198.51.100.6/31", true],
  ["128.0.0.0/1", true],
  ["198.51.100.7/31", false],
  ["198.51.100.1/24", false],
  ["198.51.100.0/33", false],
  ["198.51.100.0/024", false],
  ["198.51.100.0/", false],
  ["198.51.100.0", false],
  ["198.51.100.0/24/8", false],
  ["198.51.256.0/24", false],
  ["2001:db8::/32", false],
  ["", false],
])("%s: %s", (text, is) => {
  expect(isIPv4Range(text)).toBe(is);
});
