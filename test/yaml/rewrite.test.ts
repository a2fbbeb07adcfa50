import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { EditError } from "../../yaml/place.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { rewritten } from "../../yaml/rewrite.ts";

/** A text whose first document has another value at a path. */
function changed(text: string, value: Json, ...path: readonly (string | number)[]): string {
  return rewritten(text, [{ document: 0, path, value }]);
}

const POD = `# A pod of two.
metadata:
    name:   "web" # quoted
    labels: { app: web } # inline
spec:
    # the app
    containers:
      - name: app # first
        image: 'app:1'
        command:
          - run

      # the other
      - {name: other, image: other}
    # the end
# after
`;

describe("a text in block style", () => {
  test("gets keys after the last one of a map, and items in their places", () => {
    const pod = parse(POD) as { metadata: JsonObject; spec: { containers: Json[] } };
    const [app = null, other = null] = pod.spec.containers;
    const first = { name: "first", image: "first", env: [{ name: "A", value: "1\n2\n" }] };
    expect(
      changed(POD, {
        metadata: { ...pod.metadata, labels: { app: "web", mesh: "yes" }, annotations: { a: "b" } },
        spec: {
          containers: [first, { ...(app as JsonObject), tty: true }, other, { name: "last" }],
          volumes: [{ name: "v", emptyDir: {} }],
        },
      }),
    ).toBe(`# A pod of two.
metadata:
    name:   "web" # quoted
    labels: { app: web, "mesh": "yes" } # inline
    annotations:
      a: b
spec:
    # the app
    containers:
      - name: first
        image: first
        env:
          - name: A
            value: |
              1
              2
      - name: app # first
        image: 'app:1'
        command:
          - run
        tty: true

      # the other
      - {name: other, image: other}
      - name: last
    volumes:
      - name: v
        emptyDir: {}
    # the end
# after
`);
  });
});

/** Changes only what a function says of the first document. */
function edited(text: string, change: (value: JsonObject) => Json): string {
  return changed(text, change(parse(text) as JsonObject));
}

const added = { b: { c: [{ d: "1" }] } };

test.each<[string, string, string]>([
  ["lists that are not indented", "a:\n- x\n", 'a:\n- x\nb:\n  c:\n  - d: "1"\n'],
  ["indented lists", "a:\n  - x\n", 'a:\n  - x\nb:\n  c:\n    - d: "1"\n'],
  ["no line break at the end", "a: x # y", 'a: x # y\nb:\n  c:\n    - d: "1"'],
  [
    "Windows line breaks",
    "a: |\r\n  x\r\n# y\r\n",
    'a: |\r\n  x\r\nb:\r\n  c:\r\n    - d: "1"\r\n# y\r\n',
  ],
  ["a byte order mark", "\ufeffa: x\n", '\ufeffa: x\nb:\n  c:\n    - d: "1"\n'],
  ["JSON in one line", '{"a":1}', '{"a":1, "b": {"c":[{"d":"1"}]}}'],
  [
    "JSON in several lines",
    '{\n  "a": 1\n}\n',
    '{\n  "a": 1,\n  "b": {\n    "c": [\n      {\n        "d": "1"\n      }\n    ]\n  }\n}\n',
  ],
  [
    "JSON with tabs",
    '{\n\t"a": 1\n}\n',
    '{\n\t"a": 1,\n\t"b": {\n\t\t"c": [\n\t\t\t{\n\t\t\t\t"d": "1"\n\t\t\t}\n\t\t]\n\t}\n}\n',
  ],
])("new parts are written like their text: %s", (_, before, after) => {
  expect(edited(before, (value) => ({ ...value, ...added }))).toBe(after);
});

test("an empty value, and one that comes from a merge, are written out", () => {
  const text = "base: &base {a: 1}\np: # none\nq:\n  <<: *base\n  b: 2\nr: 3\n";
  const value = { base: { a: 1 }, p: null, q: { a: 1, b: 2 }, r: 3 };
  expect(changed(text, { ...value, p: { k: 1 } })).toBe(
    "base: &base {a: 1}\np:\n  k: 1 # none\nq:\n  <<: *base\n  b: 2\nr: 3\n",
  );
  expect(changed(text, { ...value, q: { a: 1, b: 2, c: 3 } })).toBe(
    "base: &base {a: 1}\np: # none\nq:\n  a: 1\n  b: 2\n  c: 3\nr: 3\n",
  );
});

test("what goes takes its lines along, and what moves is written at its new place", () => {
  const text =
    "a: 1\nb:\n  c: 2 # c\nl:\n  - name: p # p\n  # about q\n  - name: q\n    z: 1\n  - name: r # r\n";
  const list = [{ name: "r" }, { name: "p" }, { name: "q", z: 1 }];
  expect(changed(text, { a: 1, l: list })).toBe(
    "a: 1\nl:\n  - name: r\n  - name: p # p\n  # about q\n  - name: q\n    z: 1\n",
  );
});

test("a part that an anchor shares is refused, and named", () => {
  const text = "labels: &labels\n  app: web\nselector: *labels\n";
  const change = () =>
    changed(text, { labels: { app: "web", mesh: "yes" }, selector: { app: "web" } });
  expect(change).toThrow(EditError);
  expect(change).toThrow(
    "a part that would change is also used elsewhere, by an anchor or a repeated key; write it out",
  );
  expect(() => changed("a: &a {b: 1}\nc: *a\n", 2, "c", "b")).toThrow(
    "c.b is not written out: it comes from an anchor",
  );
});

test("values that are the same change nothing", () => {
  expect(edited(POD, (value) => value)).toBe(POD);
});

const json: fc.Memo<Json> = fc.memo((depth): fc.Arbitrary<Json> => {
  const leaf = fc.oneof(
    fc.string(),
    fc.constantFrom("yes", "1", "a: b", "x\ny\n", "\n", "- a", "# a", "", "a #b"),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  if (depth <= 1) return leaf;
  return fc.oneof(leaf, object(depth), fc.array(json(depth - 1), { maxLength: 4 }), named(depth));
});
const key = fc.constantFrom("a", "b", "c", "name", "d e", "f.g/h");
const object = (depth: number): fc.Arbitrary<JsonObject> =>
  fc.dictionary(key, json(depth - 1), { maxKeys: 4, noNullPrototype: true });
const named = (depth: number): fc.Arbitrary<Json> =>
  fc.uniqueArray(
    fc.record(
      { name: fc.constantFrom("p", "q", "r", "s"), x: json(depth - 1) },
      { noNullPrototype: true },
    ),
    { selector: ({ name }) => name, maxLength: 4 },
  );

test("a value may become any other, in any style, and all around it stays", () => {
  const styles = fc.record({
    indentSeq: fc.boolean(),
    indent: fc.constantFrom(2, 4),
    collectionStyle: fc.constantFrom("any", "block", "flow"),
    lineWidth: fc.constantFrom(0, 20, 80),
  });
  const kept = fc.record({ same: fc.constant(1), x: json(4) }, { noNullPrototype: true });
  let refused = 0;
  fc.assert(
    fc.property(kept, kept, styles, fc.boolean(), (before, after, style, crlf) => {
      const text = stringify({ before: 1, it: before, after: [2] }, style as object);
      const around = ["# first\nkind: A # a\n---\n", "---\nlast: 'b'\n# end\n"] as const;
      const whole = around[0] + text + around[1];
      const source = crlf ? whole.replaceAll("\n", "\r\n") : whole;
      let result: string;
      try {
        result = rewritten(source, [{ document: 1, path: ["it"], value: after }]);
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        refused++;
        return;
      }
      expect(/(?<!\r)\n/.test(result)).toBe(!crlf);
      const [head = "", tail = ""] = crlf
        ? around.map((one) => one.replaceAll("\n", "\r\n"))
        : around;
      expect(result.startsWith(head)).toBe(true);
      expect(result.endsWith(tail)).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(refused).toBe(0);
});
