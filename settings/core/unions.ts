import type { z } from "zod";
import { closest } from "../../text/suggest.ts";
import { isMap } from "./path.ts";

/*
 * A union of zod parses one variant: a wrong discriminator would hide every other mistake in the map, and a key of
 * another variant would be unknown instead of misplaced. These functions parse all keys, report each misplaced key by
 * its own rule, and give the result the type of a union. Editors check the same conditions in the JSON schema.
 */

type Keys<Shape extends z.core.$ZodLooseShape> = z.ZodObject<Shape, z.core.$strict>;

type Key<Shape> = keyof Shape & string;

/** `All` with some keys required and others absent. */
type Narrowed<All, Required, Absent> = Omit<All, (Required | Absent) & string> & {
  readonly [Key in Required & keyof All]: NonNullable<All[Key]>;
} & Readonly<Partial<Record<Absent & keyof All, undefined>>>;

/** What a variant says about a key: the rule for settings without it, or with it. */
type KeyRule = { readonly required: string } | { readonly excluded: string };

type KeyRules<Name extends string> = Readonly<Partial<Record<Name, KeyRule>>>;

type KeysThatAre<Kind extends string, Rules> = {
  [Key in keyof Rules]: Rules[Key] extends Readonly<Record<Kind, string>> ? Key : never;
}[keyof Rules];

/**
 * A map in which the key `by` selects a variant, and each variant requires or excludes other keys. A key that has no
 * rule in a variant keeps its own type.
 */
export function variants<
  Shape extends z.core.$ZodLooseShape,
  By extends Key<Shape>,
  const Table extends Readonly<Record<z.output<Shape[By]> & string, KeyRules<Key<Shape>>>>,
>(map: Keys<Shape>, by: By, table: Table) {
  type All = Omit<z.output<Keys<Shape>>, By>;
  type Union = {
    [Value in keyof Table]: Readonly<Record<By, Value>> &
      Narrowed<All, KeysThatAre<"required", Table[Value]>, KeysThatAre<"excluded", Table[Value]>>;
  }[keyof Table];
  const rules = new Map<string, KeyRules<string>>(Object.entries(table));
  const mistakesIn = (given: Readonly<Record<string, unknown>>): readonly Mistake[] => {
    // The check of the key itself suggests the value that a mistyped one means.
    const value = given[by];
    const meant = typeof value === "string" ? closest(value, rules.keys()) : undefined;
    return Object.entries(rules.get(meant ?? "") ?? {}).flatMap(([key, rule]) => {
      const isGiven = given[key] !== undefined;
      if (rule === undefined || isGiven === "required" in rule) return [];
      return [{ path: [key], message: "required" in rule ? rule.required : rule.excluded }];
    });
  };
  const allOf = [...rules].map(([value, keyRules]) => ({
    if: {
      properties: { [by]: { const: value } },
      ...(isDefault(map, by, value) ? {} : { required: [by] }),
    },
    then: onlyWith(keysThat("required", keyRules), keysThat("excluded", keyRules)),
  }));
  return checked(map, mistakesIn, { allOf }).transform((narrowed) => narrowed as unknown as Union);
}

function isDefault(map: Keys<z.core.$ZodLooseShape>, key: string, value: string): boolean {
  return map.partial().safeParse({}).data?.[key] === value;
}

function keysThat(kind: "required" | "excluded", rules: KeyRules<string>): readonly string[] {
  return Object.entries(rules).flatMap(([key, rule]) =>
    rule !== undefined && kind in rule ? [key] : [],
  );
}

/** The JSON schema of a map that requires some keys and excludes others. */
function onlyWith(required: readonly string[], excluded: readonly string[]): object {
  return {
    ...(required.length === 0 ? {} : { required }),
    ...(excluded.length === 0
      ? {}
      : { properties: Object.fromEntries(excluded.map((key) => [key, false])) }),
  };
}

/** What to say if no alternative is given, or several are. */
interface AlternativeRules {
  readonly none: string;
  readonly several: (given: readonly string[]) => string;
  /** What to say of a key that another one requires. @default - only which one that is */
  readonly missing?: Readonly<Record<string, string>>;
  /** The key to report. @default - the map itself */
  readonly at?: string;
}

/** A map with exactly one of several alternatives. Each is a key, or several keys that require each other. */
export function alternatives<
  Shape extends z.core.$ZodLooseShape,
  const Lists extends readonly (readonly Key<Shape>[])[],
>(map: Keys<Shape>, lists: Lists, { none, several, missing = {}, at }: AlternativeRules) {
  type Every = Lists[number][number];
  type Union = {
    [Index in keyof Lists]: Narrowed<
      z.output<Keys<Shape>>,
      Lists[Index][number],
      Exclude<Every, Lists[Index][number]>
    >;
  }[number];
  const path = at === undefined ? [] : [at];
  const oneOf = lists.map((keys) =>
    onlyWith(
      keys,
      lists.flat().filter((key) => !keys.includes(key)),
    ),
  );
  const mistakesIn = (values: Readonly<Record<string, unknown>>): readonly Mistake[] => {
    const given: readonly string[] = lists.flat().filter((key) => values[key] !== undefined);
    const [first] = given;
    const [one, another] = lists.filter((keys) => keys.some((key) => given.includes(key)));
    if (first === undefined || one === undefined) return [{ path, message: none }];
    if (another !== undefined) return [{ path, message: several(given) }];
    return one
      .filter((key) => !given.includes(key))
      .map((key) => ({ path: [key], message: missing[key] ?? `is required with ${first}` }));
  };
  return checked(map, mistakesIn, { oneOf }).transform((narrowed) => narrowed as unknown as Union);
}

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The map with a check between its keys, which also runs if values are wrong: all mistakes are reported at once.
 *
 * @param conditions The check in the terms of JSON Schema.
 */
function checked<Shape extends z.core.$ZodLooseShape>(
  map: Keys<Shape>,
  mistakesIn: (given: Readonly<Record<string, unknown>>) => readonly Mistake[],
  conditions: Readonly<Record<string, unknown>>,
): Keys<Shape> {
  return map.meta(conditions).superRefine(
    (given, context) => {
      for (const { path, message } of mistakesIn(given)) {
        const params = { betweenKeys: true };
        context.addIssue({ code: "custom", path: [...path], message, params });
      }
    },
    { when: ({ value }) => isMap(value) },
  );
}

/** Whether an issue is about keys that do not fit together, and not about a value. */
export function isBetweenKeys(issue: z.core.$ZodIssue): boolean {
  return issue.code === "custom" && issue.params?.["betweenKeys"] === true;
}
