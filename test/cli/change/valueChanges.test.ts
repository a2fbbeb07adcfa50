import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMasked } from "../../../cli/change/maskedSecret.ts";
import { pathText } from "../../../cli/change/propertyPath.ts";
import { compareProperties } from "../../../cli/change/valueChanges.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import type { Properties, Value } from "../../../offline/plan/values.ts";

/** The changes as `path: before -> after`. */
function changes(before: Properties, after: Properties): readonly string[] {
  const shown = (value: Value | undefined) => (value === undefined ? "-" : JSON.stringify(value));
  return compareProperties(before, after).changes.map(
    (change) => `${pathText(change.path)}: ${shown(change.before)} -> ${shown(change.after)}`,
  );
}

test("properties are compared one by one, in the order of their names", () => {
  const before = { b: 1, same: { deep: [1, { x: null }] }, a: { gone: true, kept: 1 }, type: [] };
  const after = { b: "1", same: { deep: [1, { x: null }] }, a: { kept: 1, new: [2] }, type: {} };
  expect(changes(before, after)).toEqual([
    "a.gone: true -> -",
    "a.new: - -> [2]",
    'b: 1 -> "1"',
    "type: [] -> {}",
  ]);
});

test("null is a value", () => {
  expect(changes({ a: null }, {})).toEqual(["a: null -> -"]);
  expect(changes({ a: null }, { a: null })).toEqual([]);
});

test("a property may have the name of a method of objects", () => {
  expect(changes({}, { constructor: 1 })).toEqual(["constructor: - -> 1"]);
});

describe("a list", () => {
  test("is compared from both ends", () => {
    const hosts = (...items: readonly Value[]) => ({ hosts: items });
    expect(changes(hosts("a", "b", "c"), hosts("new", "a", "b", "c"))).toEqual([
      'hosts[0]: - -> "new"',
    ]);
    expect(changes(hosts("a", "b", "c"), hosts("a", "c"))).toEqual(['hosts[1]: "b" -> -']);
    expect(changes(hosts("a", "b", "c"), hosts("a", "x", "y", "c"))).toEqual([
      'hosts[1]: "b" -> "x"',
      'hosts[2]: - -> "y"',
    ]);
    expect(changes(hosts("a", "a"), hosts("a"))).toEqual(['hosts[1]: "a" -> -']);
    expect(changes(hosts(), hosts("a"))).toEqual(['hosts[0]: - -> "a"']);
  });

  const named = (...names: readonly string[]) => names.map((name, i) => ({ name, i: i % 1 }));

  test("of items with different names is compared by name", () => {
    expect(changes({ list: named("a", "b") }, { list: named("b", "c") })).toEqual([
      'list[name=a]: {"name":"a","i":0} -> -',
      'list[name=c]: - -> {"name":"c","i":0}',
    ]);
    expect(
      changes(
        { list: [{ name: "a", image: 1 }, { name: "b" }] },
        { list: [{ name: "new" }, { name: "a", image: 2 }, { name: "b" }] },
      ),
    ).toEqual(["list[name=a].image: 1 -> 2", 'list[name=new]: - -> {"name":"new"}']);
  });

  test("of named items in another order has changed", () => {
    expect(changes({ list: named("a", "b") }, { list: named("b", "a") })).toEqual(
      ['list[name=a].name: "a" -> "b"', 'list[name=b].name: "b" -> "a"'].map((line, i) =>
        line.replace(/\[name=.\]/, `[${i}]`),
      ),
    );
  });

  test("with a name twice, or without one, is compared by index", () => {
    expect(changes({ list: named("a", "a") }, { list: named("a", "b") })).toEqual([
      'list[1].name: "a" -> "b"',
    ]);
    expect(changes({ list: [{ name: "a" }, 1] }, { list: [{ name: "b" }, 1] })).toEqual([
      'list[0].name: "a" -> "b"',
    ]);
    expect(changes({ list: [{ name: UNKNOWN }] }, { list: [{ name: "b" }] })).toEqual([
      `list[0].name: "${UNKNOWN}" -> "b"`,
    ]);
  });
});

describe("a value that only a deployment can know", () => {
  const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

  test("is unchanged on both sides, whatever its type", () => {
    expect(changes({ a: [UNKNOWN] }, { a: [UNKNOWN] })).toEqual([]);
    expect(changes({ a: UNKNOWN }, { a: UNKNOWN_NUMBER })).toEqual([]);
  });

  test("differs from one that is known", () => {
    expect(changes({ a: UNKNOWN }, { a: "x" })).toEqual([`a: "${UNKNOWN}" -> "x"`]);
  });
});

describe("a secret", () => {
  const secret = (value: Value) => ({ a: markSecret(value) });

  test("is not shown, whether it changes, appears or goes", () => {
    expect(changes(secret("x"), secret("x"))).toEqual([]);
    expect(changes(secret({ b: ["x"] }), secret({ b: ["x"] }))).toEqual([]);
    expect(changes(secret({ b: ["x"] }), secret({ b: ["y"] }))).toEqual([
      'a: "[secret]" -> "[secret]"',
    ]);
    expect(changes({}, secret("x"))).toEqual(['a: - -> "[secret]"']);
    expect(changes(secret("x"), {})).toEqual(['a: "[secret]" -> -']);
    expect(changes({}, { deep: [secret("x")] })).toEqual(['deep: - -> [{"a":"[secret]"}]']);
  });

  test("is not shown where the other side does not mark it", () => {
    expect(changes({ a: "x" }, secret("x"))).toEqual(['a: "[secret]" -> "[secret]"']);
    expect(changes(secret("x"), { a: "x" })).toEqual(['a: "[secret]" -> "[secret]"']);
  });

  test("whose value only a deployment knows is unchanged", () => {
    expect(changes(secret(UNKNOWN), secret(UNKNOWN))).toEqual([]);
  });

  const written = readMasked({ a: "[secret]", list: [{ b: "[secret]" }], c: 1 }) as Properties;

  test("of a file cannot be compared with a secret, and is not shown", () => {
    const now = { ...secret("x"), list: [{ b: markSecret("y") }], c: 1 };
    const { changes: found, uncompared } = compareProperties(written, now);
    expect(found).toEqual([]);
    expect(uncompared.map(pathText)).toEqual(["a", "list[0].b"]);
    expect(changes(written, { a: "x", list: [{ b: markSecret("y") }], c: 1 })).toEqual([
      'a: "[secret]" -> "[secret]"',
    ]);
    expect(changes(written, {})).toEqual([
      'a: "[secret]" -> -',
      "c: 1 -> -",
      'list: [{"b":"[secret]"}] -> -',
    ]);
  });
});

describe("any properties", () => {
  const { tree } = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Value>(null, true, 0, "a", "b", UNKNOWN),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.array(fc.record({ name: fc.constantFrom("x", "y", "z"), is: tie("tree") }), {
        maxLength: 3,
      }),
      fc.dictionary(fc.constantFrom("a", "b", "name"), tie("tree")),
      tie("tree").map(markSecret),
    ),
  }));
  const properties = fc.dictionary(fc.constantFrom("p", "q"), tree);

  test("do not differ from themselves", () => {
    fc.assert(
      fc.property(properties, (one) => {
        expect(compareProperties(one, one)).toEqual({ changes: [], uncompared: [] });
      }),
    );
  });

  test("differ the other way round as they differ", () => {
    fc.assert(
      fc.property(properties, properties, (one, other) => {
        const mirrored = compareProperties(other, one).changes.map(({ path, before, after }) => ({
          path,
          ...(after === undefined ? {} : { before: after }),
          ...(before === undefined ? {} : { after: before }),
        }));
        expect(compareProperties(one, other).changes).toEqual(mirrored);
      }),
    );
  });
});
