import { expect, test } from "vitest";
import { valuesOf } from "../../../offline/contents/chartValues.ts";
import { SIGNATURE } from "../../../offline/plan/values.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { scratch } from "../../support/programs.ts";

const asset = (source: Properties) => ({
  [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17",
  ...source,
});
const directory = scratch({ packages: false })("values", {
  "a.yaml": "replicas: 1\nimage: { tag: a, pull: yes }\nhosts: [a]\n",
  "b.yaml": "image: { tag: b }\nhosts: [b]\n",
  "empty.yaml": "# Nothing.\n",
});
const file = (path: string) => asset({ path });

test("files are merged in order, and the values of the program override them", () => {
  expect(
    valuesOf(
      {
        valueYamlFiles: [file("a.yaml"), file("empty.yaml"), file("b.yaml")],
        values: { image: { pull: null }, extra: { a: [1, "x"] } },
      },
      directory,
    ),
  ).toEqual({
    replicas: 1,
    image: { tag: "b", pull: null },
    hosts: ["b"],
    extra: { a: [1, "x"] },
  });
  expect(valuesOf({}, directory)).toEqual({});
});

test("assets are replaced by their text", () => {
  const values = { a: [asset({ text: "t" }), file("b.yaml")], b: { c: asset({ text: "u" }) } };
  expect(valuesOf({ values, valueYamlFiles: [asset({ text: "d: on\n" })] }, directory)).toEqual({
    a: ["t", "image: { tag: b }\nhosts: [b]\n"],
    b: { c: "u" },
    d: true,
  });
});

test.each<Properties>([
  { valueYamlFiles: [asset({ uri: "https://a.test/v.yaml" })] },
  { values: { a: [{ b: asset({ uri: "https://a.test/v.yaml" }) }] } },
])("are unknown with an asset at a URL: %j", (inputs) => {
  expect(valuesOf(inputs, directory)).toBeUndefined();
});
