import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../yaml/toYaml.ts";

/** How readers of YAML 1.1 and 1.2 parse a text. */
const readings = (text: string) => [
  parse(text, { version: "1.1" }) as unknown,
  parse(text, { version: "1.2" }) as unknown,
];

test.each([
  ...["yes", "Yes", "no", "on", "Off", "y", "N", "true", "NULL", "~", "null", ""],
  ...["1_000", "0b11", "012", "0o14", "0x1F", "1:30", "190:20:30", "+1", "-1", "1e3", ".5", "6."],
  ...["2001-12-14", "2001-12-14t21:59:43.10-05:00", ".inf", "-.Inf", ".nan", "=", "<<", "!tag"],
  ...["a: b", "a #b", "- a", "*a", "&a", "{a", "[a", "%a", "@a", "`a", "a:", " a", "a ", "a\tb"],
  ...[
    "a\nb",
    "a\n",
    "\na",
    "  a\nb",
    "a \n b\n\n",
    "---\na",
    "\t\n",
    "a\r\nb",
    "\u0085",
    "a\u2028b",
  ],
  ...[
    "\u0000",
    "\u001b[31m",
    "\ufeffa",
    "é",
    "日本\n語",
    "😀",
    '"',
    "'",
    "\\",
    "a\\nb",
    "#",
    "|",
    ">",
  ],
])("%j is a string to every reader", (text) => {
  const written = toYaml({ [text]: text, list: [text], deep: { text } });
  for (const reading of readings(written)) {
    expect(reading).toEqual({ [text]: text, list: [text], deep: { text } });
  }
});

test("any object is the same to every reader", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(...Array.from("yesnoffYN0123456789abcdefx_:.,+-eE\n\t #'\"\\~")),
    }),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(text, tie("any"), { maxKeys: 3 }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(text, value, { maxKeys: 3 }), (object) => {
      const plain = JSON.parse(JSON.stringify(object)) as unknown;
      for (const reading of readings(toYaml(plain))) expect(reading).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});

test("a string that every reader recognizes is not quoted", () => {
  const image = "ghcr.io/stefanprodan/podinfo:6.11.1";
  expect(toYaml({ kind: "Pod", image, args: ["--port=9898"] })).toBe(
    `kind: Pod\nimage: ${image}\nargs:\n  - "--port=9898"\n`,
  );
});

test("lines are a block, unless a reader could mistake their start for indentation", () => {
  expect(toYaml({ a: "one\n\ttwo\n" })).toBe("a: |\n  one\n  \ttwo\n");
  expect(toYaml({ a: "\tone\ntwo" })).toBe('a: "\\tone\\ntwo"\n');
  expect(toYaml({ a: "\n\tone\n" })).toBe('a: "\\n\\tone\\n"\n');
});

test("an object that occurs twice is written twice", () => {
  const labels = { app: "web" };
  expect(toYaml({ a: labels, b: labels })).toBe("a:\n  app: web\nb:\n  app: web\n");
});
