import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locateProblems } from "../../../cli/output/problems.ts";
import { StackFilePositions } from "../../../cli/stack/stackFilePositions.ts";
import { scratch } from "../../support/programs.ts";

const text = "config:\n  shop:size: three\n  shop:names:\n    - a\n";
const directory = scratch({ packages: false })("shop", { "Pulumi.dev.yaml": text });
const file = join(directory, "Pulumi.dev.yaml");
const bare = { directory, programDirectory: join(directory, "src"), project: "shop" };
const context = { ...bare, stackFile: { file, positions: new StackFilePositions(text, "shop") } };
const place = (line: number, column: number, of = "Pulumi.dev.yaml") => ({
  file: of,
  line,
  column,
});

describe("positions are added to an error", () => {
  test("each setting of a list is a problem", () => {
    const said = locateProblems(
      "The settings cannot be used:\n  shop:size: must be a number\n    or a text\n  other: missing\n  shop:names[0]: is odd",
      context,
    );
    expect(said.text).toBe(
      "The settings cannot be used:\n  Pulumi.dev.yaml:2: shop:size: must be a number\n    or a text\n  Pulumi.dev.yaml:4: shop:names[0]: is odd\n  other: missing",
    );
    expect(said.problems).toEqual([
      { message: "shop:size: must be a number\n    or a text", place: place(2, 3) },
      { message: "shop:names[0]: is odd", place: place(4, 7) },
      { message: "other: missing" },
    ]);
  });

  test("settings of a file are sorted by line, missing ones first", () => {
    const { text: told } = locateProblems(
      "Odd:\n  shop:names[0]: is odd\n  shop:zone: missing\n  shop:names: is odd\n  shop:size: is odd",
      context,
    );
    expect(told.match(/shop:[^:]+/g)).toEqual([
      "shop:zone",
      "shop:size",
      "shop:names",
      "shop:names[0]",
    ]);
  });

  test("lines that each name a file are separate problems, even before the stack file is known", () => {
    const said = locateProblems(
      `${file}: shop:size: must be of type integer\n${file}: shop:owner: is missing`,
      bare,
    );
    expect(said.text).toBe(
      `${file}:1:1: shop:owner: is missing\n${file}:2:3: shop:size: must be of type integer`,
    );
    expect(said.problems).toEqual([
      { message: "shop:owner: is missing", place: place(1, 1) },
      { message: "shop:size: must be of type integer", place: place(2, 3) },
    ]);
    expect(locateProblems(said.text, bare)).toEqual(said);
  });

  test("an entry of a list may name its file", () => {
    const said = locateProblems(`Odd:\n  ${file}: shop:size: is odd\n  ${file}: b: is odd`, bare);
    expect(said.text).toBe(`Odd:\n  ${file}:2:3: shop:size: is odd\n  ${file}: b: is odd`);
    expect(said.problems).toEqual([
      { message: "shop:size: is odd", place: place(2, 3) },
      { message: `${file}: b: is odd` },
    ]);
  });

  test("a line after a list is not part of its last entry", () => {
    const { problems } = locateProblems("Odd:\n  shop:size: is odd\nNothing answered.", context);
    expect(problems.map(({ message }) => message)).toEqual([
      "shop:size: is odd",
      "Nothing answered.",
    ]);
  });

  test("a list may name the stack file in its heading", () => {
    expect(
      locateProblems(`The settings in ${file} cannot be used:\n  shop:size: is odd`, bare),
    ).toEqual({
      text: `The settings in ${file} cannot be used:\n  Pulumi.dev.yaml:2: shop:size: is odd`,
      problems: [{ message: "shop:size: is odd", place: place(2, 3) }],
    });
  });

  test("an error keeps its own position", () => {
    const message = `${join(directory, "Pulumi.yaml")}:2:1: Flow sequence must end`;
    expect(locateProblems(message, bare)).toEqual({
      text: message,
      problems: [{ message: "Flow sequence must end", place: place(2, 1, "Pulumi.yaml") }],
    });
  });

  test("an error of the program is one problem, at its line", () => {
    const message = "The program failed: Error: no owner\nof anything\n    at lib/index.ts:5:7";
    expect(locateProblems(message, context)).toEqual({
      text: message,
      problems: [{ message, place: place(5, 7, "src/lib/index.ts") }],
    });
  });

  test("any other error is one problem without a position", () => {
    const message = "Stack prod has no Pulumi.prod.yaml.\nUse another.";
    expect(locateProblems(message, context)).toEqual({ text: message, problems: [{ message }] });
  });

  test("a distant file is shown by its absolute path", () => {
    expect(
      locateProblems("/etc/far/Pulumi.yaml:2:1: odd", { ...bare, directory: "/home/a/b/c/d/e" })
        .problems,
    ).toEqual([{ message: "odd", place: place(2, 1, "/etc/far/Pulumi.yaml") }]);
  });
});
