import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { Cursor, Unknown } from "../../../policy/engine/cursor.ts";
import { UNKNOWN } from "../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => object;

const props = proxied({
  text: "asm-1-30",
  empty: "",
  number: 3,
  off: false,
  nothing: null,
  list: ["a", UNKNOWN, { deep: "b" }],
  unknown: UNKNOWN,
  labels: { "istio.io/rev": "asm-1-30", later: UNKNOWN },
});
const cursor = new Cursor('Namespace "shop"', props);

function unknownPath(value: unknown): string | undefined {
  return value instanceof Unknown ? `${value.owner}: ${value.path}` : undefined;
}

describe("a cursor", () => {
  test("reads values, and undefined if the path ends early", () => {
    expect(cursor.at("text").read()).toBe("asm-1-30");
    expect(cursor.at("list", 2, "deep").read()).toBe("b");
    expect(cursor.at("off").read()).toBe(false);
    for (const path of [
      ["missing"],
      ["missing", "deeper"],
      ["text", "length"],
      ["nothing"],
      ["nothing", "deeper"],
      ["number", 0],
      ["list", 9],
      ["toString"],
      ["labels", "constructor"],
    ]) {
      expect(cursor.at(...path).read()).toBeUndefined();
    }
  });

  test("reports the path of an unknown value, also from below it", () => {
    expect(unknownPath(cursor.at("unknown").read())).toBe('Namespace "shop": unknown');
    expect(unknownPath(cursor.at("unknown", "deeper", 0).text())).toBe('Namespace "shop": unknown');
    expect(unknownPath(cursor.at("list", 1).text())).toBe('Namespace "shop": list[1]');
    expect(unknownPath(cursor.at("labels", "later").flag())).toBe('Namespace "shop": labels.later');
  });

  test("ignores an unknown sibling", () => {
    expect(cursor.at("labels", "istio.io/rev").text()).toBe("asm-1-30");
    expect(cursor.at("labels").keys()).toEqual(["istio.io/rev", "later"]);
    expect(cursor.at("list").items()).toSatisfy((items: Cursor[]) => items.length === 3);
  });

  test("reads strings, numbers and booleans as text, and nothing else", () => {
    expect(cursor.at("text").text()).toBe("asm-1-30");
    expect(cursor.at("empty").text()).toBe("");
    expect(cursor.at("number").text()).toBe("3");
    expect(cursor.at("off").text()).toBe("false");
    expect(cursor.at("labels").text()).toBeUndefined();
    expect(cursor.at("list").text()).toBeUndefined();
    expect(cursor.at("nothing").text()).toBeUndefined();
  });

  test("reads only true and false as a flag", () => {
    expect(cursor.at("off").flag()).toBe(false);
    expect(cursor.at("text").flag()).toBeUndefined();
    expect(cursor.at("number").flag()).toBeUndefined();
  });

  test("lists only the entries of a list or an object", () => {
    expect(cursor.at("text").keys()).toBeUndefined();
    expect(cursor.at("list").keys()).toBeUndefined();
    expect(cursor.at("labels").items()).toBeUndefined();
    expect(unknownPath(cursor.at("unknown").keys())).toBe('Namespace "shop": unknown');
    expect(unknownPath(cursor.at("unknown").items())).toBe('Namespace "shop": unknown');
  });

  test("prints a path as a person writes it", () => {
    expect(cursor.at("metadata", "labels", "istio.io/rev").path).toBe(
      'metadata.labels["istio.io/rev"]',
    );
    expect(cursor.at("items", 0).at("a-b_c", 'quo"te').path).toBe('items[0].a-b_c["quo\\"te"]');
    expect(cursor.path).toBe("");
  });

  test("changes the properties themselves", () => {
    const target = { labels: { old: "x", kept: UNKNOWN } };
    const labels = new Cursor("it", proxied(target)).at("labels");
    labels.at("new").write("y");
    labels.at("old").remove();
    expect(target).toEqual({ labels: { new: "y", kept: UNKNOWN } });
  });

  test("creates the parent objects of a new value", () => {
    const target = { nothing: null };
    const root = new Cursor("it", proxied(target));
    root.at("nothing", "at", "all").write(true);
    root.at("list").write(["a", "b"]);
    expect(target).toEqual({ nothing: { at: { all: true } }, list: ["a", "b"] });
  });

  test("does not hide errors with a known value", () => {
    const target = {
      get broken(): string {
        throw new Error("It is broken.");
      },
    };
    expect(() => new Cursor("it", target).at("broken").read()).toThrow("It is broken.");
  });

  test("refuses to change the root", () => {
    const target = { text: "x" };
    const place = new Cursor("it", proxied(target));
    expect(() => {
      place.write("y");
    }).toThrow("that can be changed.");
    expect(() => {
      place.remove();
    }).toThrow("that can be changed.");
    expect(target).toEqual({ text: "x" });
  });

  test.each([
    ["below a text", "text"],
    ["below an unknown value", "unknown"],
  ])("refuses to change a path %s", (_, key) => {
    const target = { text: "x", unknown: UNKNOWN };
    const place = new Cursor("it", proxied(target)).at(key, "new");
    expect(() => {
      place.write("y");
    }).toThrow(`it has no ${key}.new that can be changed.`);
    expect(() => {
      place.remove();
    }).toThrow(`it has no ${key}.new that can be changed.`);
    expect(target).toEqual({ text: "x", unknown: UNKNOWN });
  });
});
