import { describe, expect, test } from "vitest";
import { z } from "zod";
import { schemaProblems } from "../../../offline/project/schemaProblems.ts";

const schema = z.object({
  name: z.string(),
  either: z.union([z.string(), z.object({ inner: z.object({ port: z.number() }) })], "text or so"),
});

function problems(value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : schemaProblems("file.yaml", error);
}

describe("schemaProblems", () => {
  test.each<[unknown, string[]]>([
    [{ name: "a", either: "b" }, []],
    [[], ["file.yaml: Invalid input: expected object, received array"]],
    [
      { name: 1, either: 2 },
      [
        "file.yaml: name: Invalid input: expected string, received number",
        "file.yaml: either: text or so",
      ],
    ],
    // The object was intended, so the mistake is within it.
    [
      { name: "a", either: { inner: { port: "80" } } },
      ["file.yaml: either.inner.port: Invalid input: expected number, received string"],
    ],
    [
      { name: "a", either: {} },
      ["file.yaml: either.inner: Invalid input: expected object, received undefined"],
    ],
  ])("%j", (value, messages) => {
    expect(problems(value)).toEqual(messages);
  });
});
