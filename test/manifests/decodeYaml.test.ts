import { describe, expect, test } from "vitest";
import { decodeYaml } from "../../manifests/decodeYaml.ts";

const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

describe("the objects of a text", () => {
  test("are those of all its documents", () => {
    const text = `# A comment alone.\n---\n${NAMESPACE}---\n\n---\n${NAMESPACE}...\n`;
    expect(decodeYaml(text)).toEqual([namespace, namespace]);
    expect(decodeYaml("")).toEqual([]);
  });

  test("may be JSON", () => {
    expect(decodeYaml(JSON.stringify(namespace))).toEqual([namespace]);
  });

  test.each(["kind: Namespace\n", "apiVersion: v1\n", "apiVersion: v1\nkind: ''\n", "a: {}\n"])(
    "%j has none: each requires a kind and an API version",
    (text) => {
      expect(decodeYaml(text)).toEqual([]);
    },
  );

  test("of a list stay in it", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${NAMESPACE.replaceAll("\n", "\n    ")}\n`;
    expect(decodeYaml(list)).toEqual([{ apiVersion: "v1", kind: "List", items: [namespace] }]);
  });

  test("have scalars as Kubernetes reads them", () => {
    const text = `${NAMESPACE}  labels: { a: yes, b: "yes", c: 012, d: 2001-12-14, n: 9007199254740993 }\n`;
    expect(decodeYaml(text)).toEqual([
      {
        ...namespace,
        metadata: {
          name: "shop",
          // The key n is a boolean too.
          labels: { a: true, b: "yes", c: 10, d: "2001-12-14", false: 9007199254740992 },
        },
      },
    ]);
  });

  test("have values from anchors and merges, and the last value of a repeated key", () => {
    const text = "kind: A\napiVersion: v1\na: &a { x: 1 }\nb: { <<: *a, z: 2 }\nc: 1\nc: 2\n";
    expect(decodeYaml(text)).toEqual([
      { kind: "A", apiVersion: "v1", a: { x: 1 }, b: { x: 1, z: 2 }, c: 2 },
    ]);
  });
});

test.each([
  [`${NAMESPACE}---\n- a\n`, "the document at line 5 is not an object"],
  ["text\n", "the document at line 1 is not an object"],
])("%j is invalid", (text, message) => {
  expect(() => decodeYaml(text)).toThrow(new Error(message));
});

test("invalid YAML is rejected with the line", () => {
  expect(() => decodeYaml(`${NAMESPACE}a: [1\nb: 2\n`)).toThrow(/^line 6: /);
});
