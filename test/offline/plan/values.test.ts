import { describe, expect, test } from "vitest";
import {
  SIGNATURE,
  UNKNOWN,
  containsUnknown,
  isSecret,
  isUnknown,
  keepSecrets,
  lowerOutputs,
  lowerResources,
  mapTexts,
  openSecrets,
  redactSecrets,
  markSecret,
} from "../../../offline/plan/values.ts";
import type { Value } from "../../../offline/plan/values.ts";

const output = (more: Readonly<Record<string, Value>>): Value => ({
  [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  dependencies: ["urn:pulumi:dev::shop::a:b:C::d"],
  ...more,
});
const reference = (more: Readonly<Record<string, Value>>): Value => ({
  [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e",
  urn: "urn:pulumi:dev::shop::a:b:C::d",
  packageVersion: "1.0.0",
  ...more,
});

describe("secrets", () => {
  test("are marked as the engine marks them", () => {
    expect(markSecret("s3cret")).toEqual({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "s3cret",
    });
  });

  test("are marked only once", () => {
    const once = markSecret("s3cret");
    expect(markSecret(once)).toBe(once);
  });

  test.each<Value>([
    null,
    "s3cret",
    ["s3cret"],
    { value: "s3cret" },
    { [SIGNATURE]: "other", value: 1 },
  ])("%j is not one", (value) => {
    expect(isSecret(value)).toBe(false);
  });

  test("are shown as [secret] at any depth, completely", () => {
    expect(
      redactSecrets({
        plain: "text",
        own: markSecret({ user: "u", password: "p" }),
        list: [markSecret("a"), "b", [markSecret(1)]],
        deep: { deeper: { secret: markSecret(markSecret("twice")), none: null } },
      }),
    ).toEqual({
      plain: "text",
      own: "[secret]",
      list: ["[secret]", "b", ["[secret]"]],
      deep: { deeper: { secret: "[secret]", none: null } },
    });
  });

  test("are decrypted at any depth, also one within another", () => {
    expect(
      openSecrets({
        a: markSecret({ b: markSecret("c") }),
        list: [markSecret(1)],
        nothing: markSecret(null),
      }),
    ).toEqual({ a: { b: "c" }, list: [1], nothing: null });
  });
});

describe("secrets that were copied in clear text", () => {
  const before = {
    token: markSecret("t"),
    list: ["a", markSecret("b")],
    deep: { password: markSecret({ is: "p" }), user: "u" },
    plain: "x",
  };

  test("are secret again, at the same path", () => {
    expect(
      keepSecrets(before, {
        token: "t",
        list: ["a", "b", "c"],
        deep: { password: { is: "q" }, user: "u", more: 1 },
        plain: "y",
      }),
    ).toEqual({
      token: markSecret("t"),
      list: ["a", markSecret("b"), "c"],
      deep: { password: markSecret({ is: "q" }), user: "u", more: 1 },
      plain: "y",
    });
  });

  test("and otherwise stay unchanged", () => {
    expect(keepSecrets(before, before)).toEqual(before);
    expect(keepSecrets(before, { deep: "text", list: {} })).toEqual({ deep: "text", list: {} });
    expect(keepSecrets(before, { deep: markSecret("s") })).toEqual({ deep: markSecret("s") });
  });
});

describe("unknowns", () => {
  test.each([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("%s is the unknown of a type", (sentinel) => {
    expect(isUnknown(sentinel)).toBe(true);
  });

  test.each<Value>(["", "04da6b54", `${UNKNOWN} `, null, 4, [UNKNOWN], { a: UNKNOWN }])(
    "%j is not an unknown itself",
    (value) => {
      expect(isUnknown(value)).toBe(false);
    },
  );

  test.each<[Value, boolean]>([
    [UNKNOWN, true],
    [["a", [UNKNOWN]], true],
    [{ a: { b: UNKNOWN } }, true],
    [markSecret(UNKNOWN), true],
    [{ a: [{ b: "c" }], d: null }, false],
    [`not ${UNKNOWN}`, false],
  ])("are found at any depth: %j", (value, found) => {
    expect(containsUnknown(value)).toBe(found);
  });
});

describe("outputs of a program", () => {
  test("are converted as the engine converts them", () => {
    expect(
      lowerOutputs({
        known: output({ value: "v" }),
        unknown: output({}),
        secret: output({ value: "v", secret: true }),
        both: output({ secret: true }),
        falsy: [output({ value: 0 }), output({ value: false }), output({ value: "" })],
        nested: { within: output({ value: { deeper: output({ value: 1, secret: true }) } }) },
      }),
    ).toEqual({
      known: "v",
      unknown: UNKNOWN,
      secret: markSecret("v"),
      both: markSecret(UNKNOWN),
      falsy: [0, false, ""],
      nested: { within: { deeper: markSecret(1) } },
    });
  });

  test("share unchanged parts", () => {
    const same = { list: [1, { two: "2" }], text: "t" };
    const lowered = lowerOutputs({ same, other: output({ value: same }) });
    expect(lowered["same"]).toBe(same);
    expect(lowered["other"]).toBe(same);
  });

  test("are copied only along the path to a change", () => {
    const sibling = { untouched: true };
    const given = { changed: { value: output({ value: 1 }) }, sibling };
    const lowered = lowerOutputs({ given });
    expect(lowered).toEqual({ given: { changed: { value: 1 }, sibling } });
    expect(lowered["given"]).toHaveProperty("sibling");
    expect((lowered["given"] as { sibling: unknown }).sibling).toBe(sibling);
    expect(given.changed.value).toEqual(output({ value: 1 }));
  });
});

test("references to resources become IDs, or URNs for resources without an ID", () => {
  expect(
    lowerResources({
      custom: reference({ id: "id-1" }),
      planned: reference({ id: UNKNOWN }),
      component: reference({}),
      deep: [{ list: [reference({ id: "id-2" })] }, markSecret(reference({ id: "id-3" }))],
      other: { urn: "not a reference" },
    }),
  ).toEqual({
    custom: "id-1",
    planned: UNKNOWN,
    component: "urn:pulumi:dev::shop::a:b:C::d",
    deep: [{ list: ["id-2"] }, markSecret("id-3")],
    other: { urn: "not a reference" },
  });
});

test("texts are changed everywhere except in secrets and keys", () => {
  const before = { a: "x", b: ["x", { x: "x" }], c: markSecret("x"), d: 1, e: null };
  expect(mapTexts(before, (text) => `${text}!`)).toEqual({
    a: "x!",
    b: ["x!", { x: "x!" }],
    c: markSecret("x"),
    d: 1,
    e: null,
  });
});
