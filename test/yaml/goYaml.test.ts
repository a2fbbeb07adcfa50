import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { goYamlOptions } from "../../yaml/goYaml.ts";

/** How Pulumi 3.248 reads `x: <scalar>` in a stack file, from its own Go code. */
const AS_PULUMI_READS: readonly [string, unknown][] = [
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", 9007199254740993n],
  ["18446744073709551615", 18446744073709551615n],
  ["18446744073709551616", 18446744073709551616],
  ["-9223372036854775808", -9223372036854775808n],
  ["-9223372036854775809", -9223372036854775809],
  ["+9223372036854775808", 9223372036854775808],
  ["0", 0],
  ["-0", 0],
  ["+12", 12],
  ["012", 10],
  ["-012", -10],
  ["08", 8],
  ["0_8", 8],
  ["0_1", 1],
  ["1_000", 1000],
  ["1__0", 10],
  ["1_0.5", 10.5],
  ["0b11", 3],
  ["-0b11", -3],
  ["0b12", "0b12"],
  ["0o17", 15],
  ["0o8", "0o8"],
  ["0o", "0o"],
  ["0x1F", 31],
  ["+0x1F", 31],
  ["0x1p-2", "0x1p-2"],
  ["1.0", 1],
  ["5.", 5],
  [".5", 0.5],
  [".5e1", 5],
  ["+.5", 0.5],
  ["-.5", -0.5],
  ["._5", "._5"],
  ["1e3", 1000],
  ["1.7976931348623157e308", 1.7976931348623157e308],
  ["1e400", "1e400"],
  ["5e-324", 5e-324],
  ["12:30:45", "12:30:45"],
  ["~", null],
  ["null", null],
  ["", null],
  ["True", true],
  ["FALSE", false],
  ["yes", "yes"],
  ["on", "on"],
  ["n", "n"],
  ["2001-12-14", "2001-12-14 00:00:00 +0000 UTC"],
  ["2001-1-2", "2001-01-02 00:00:00 +0000 UTC"],
  ["2001-02-30", "2001-02-30"],
  ["2001-12-14T21:59:43.10-05:00", "2001-12-14 21:59:43.1 -0500 -0500"],
  ["2001-12-14t21:59:43Z", "2001-12-14 21:59:43 +0000 UTC"],
  ["2001-12-14T21:59:43+00:00", "2001-12-14 21:59:43 +0000 UTC"],
  ["2001-12-14 21:59:43.100", "2001-12-14 21:59:43.1 +0000 UTC"],
  ["2001-12-14 24:00:00", "2001-12-14 24:00:00"],
  ['"012"', "012"],
  ["!!str 012", "012"],
  ['!!int "012"', 10],
  ["!!float 3", 3],
  ["!!bool true", true],
  ["!!null ~", null],
  ["!!binary aGVsbG8=", "hello"],
  ["!foo bar", "bar"],
];

test.each(AS_PULUMI_READS)("%s, to Pulumi", (text, value) => {
  expect(parse(`x: ${text}\n`, goYamlOptions(3))).toEqual({ x: value });
});

/** Where the Kubernetes provider reads another value, from sigs.k8s.io/yaml 1.6.0. */
const AS_KUBERNETES_READS: readonly [string, unknown][] = [
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true"].map(
    (word) => [word, true] satisfies [string, unknown],
  ),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF", "FALSE"].map(
    (word) => [word, false] satisfies [string, unknown],
  ),
  ["yEs", "yEs"],
  ["oN", "oN"],
  ['"yes"', "yes"],
  ["2001-12-14", "2001-12-14"],
  ["012", 10],
  ["1_000", 1000],
  ["0b11", 3],
  ["0o17", 15],
];

test.each(AS_KUBERNETES_READS)("%s, to Kubernetes", (text, value) => {
  expect(parse(`x: ${text}\n`, goYamlOptions(2))).toEqual({ x: value });
});

describe("keys", () => {
  test("are scalars too", () => {
    expect(parse("012: a\nyes: b\n", goYamlOptions(3))).toEqual({ 10: "a", yes: "b" });
    expect(parse("012: a\nyes: b\n", goYamlOptions(2))).toEqual({ 10: "a", true: "b" });
  });

  test("of another mapping are merged in, with lower priority than its own", () => {
    expect(parse("a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\n", goYamlOptions(3))).toMatchObject({
      b: { x: 1, y: 3 },
    });
  });
});
