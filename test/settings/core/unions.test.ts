import { describe, expect, test } from "vitest";
import { z } from "zod";
import { keys } from "../../../settings/core/scalars.ts";
import { alternatives, isBetweenKeys, variants } from "../../../settings/core/unions.ts";

function problemsOf(schema: z.ZodType, value: unknown): readonly string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(
    (issue) => `${issue.path.join(".")}: ${isBetweenKeys(issue) ? "" : "value: "}${issue.message}`,
  );
}

describe("variants", () => {
  const Server = variants(
    keys({
      access: z.enum(["public", "private"], { error: "WRONG ACCESS" }).default("public"),
      ranges: z.array(z.string({ error: "WRONG RANGE" })).optional(),
      zone: z.string({ error: "WRONG ZONE" }).optional(),
    }),
    "access",
    {
      public: { ranges: { required: "RANGES" }, zone: { excluded: "NO ZONE" } },
      private: { ranges: { excluded: "NO RANGES" } },
    },
  );

  test("accepts the keys of each variant", () => {
    expect(Server.parse({ ranges: [] })).toEqual({ access: "public", ranges: [] });
    expect(Server.parse({ access: "private" })).toEqual({ access: "private" });
    expect(Server.parse({ access: "private", zone: "z" })).toEqual({
      access: "private",
      zone: "z",
    });
  });

  test("have the type of a union", () => {
    const server: z.output<typeof Server> = Server.parse({ access: "private", zone: "z" });
    // Each branch compiles only if the type of the keys follows from `access`.
    const found: string | readonly string[] | undefined =
      server.access === "public" ? server.ranges.concat() : server.zone;
    expect(found).toBe("z");
  });

  test.each([
    [{}, ["ranges: RANGES"]],
    [{ zone: "z" }, ["ranges: RANGES", "zone: NO ZONE"]],
    [{ access: "private", ranges: [], zone: "z" }, ["ranges: NO RANGES"]],
    // A misplaced key hides no mistake in its value, nor in another key.
    [
      { access: "private", ranges: [1], zone: 2 },
      ["ranges.0: value: WRONG RANGE", "zone: value: WRONG ZONE", "ranges: NO RANGES"],
    ],
    // Without a valid access, no key is misplaced.
    [
      { access: "open", ranges: [1], zone: 2 },
      ["access: value: WRONG ACCESS", "ranges.0: value: WRONG RANGE", "zone: value: WRONG ZONE"],
    ],
    // A mistyped access means the closest one, as its own message suggests.
    [{ access: "Pubic" }, ["access: value: WRONG ACCESS", "ranges: RANGES"]],
    [{ access: "privte", ranges: [] }, ["access: value: WRONG ACCESS", "ranges: NO RANGES"]],
    [{ access: ["private"], ranges: [] }, ["access: value: WRONG ACCESS"]],
    [{ access: "toString" }, ["access: value: WRONG ACCESS"]],
    [5, [": value: Invalid input: expected object, received number"]],
  ])("rejects %j", (value, lines) => {
    expect(problemsOf(Server, value)).toEqual(lines);
  });
});

describe("alternatives", () => {
  const shape = {
    name: z.string().optional(),
    chain: z.string().optional(),
    key: z.string().optional(),
  };
  const lists = [["name"], ["chain", "key"]] as const;
  const rules = { none: "NONE", several: (given: readonly string[]) => given.join("+") };
  const Certificate = alternatives(keys(shape), lists, rules);

  test.each([{ name: "n" }, { chain: "c", key: "k" }])("accept %j", (value) => {
    expect(Certificate.parse(value)).toEqual(value);
  });

  test.each([
    [{}, [": NONE"]],
    [{ name: "n", key: "k" }, [": name+key"]],
    [{ name: "n", chain: "c", key: "k" }, [": name+chain+key"]],
    [{ chain: "c" }, ["key: is required with chain"]],
    [
      { key: 1 },
      [
        "key: value: Invalid input: expected string, received number",
        "chain: is required with key",
      ],
    ],
  ])("reject %j", (value, lines) => {
    expect(problemsOf(Certificate, value)).toEqual(lines);
  });

  test("may report another key than the map", () => {
    const Named = alternatives(keys(shape), lists, { ...rules, at: "name" });
    expect(problemsOf(Named, {})).toEqual(["name: NONE"]);
    expect(problemsOf(Named, { name: "n", key: "k" })).toEqual(["name: name+key"]);
  });
});
