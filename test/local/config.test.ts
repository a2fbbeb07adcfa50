import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../local/config.ts";
import type { ConfigDeclaration, Project } from "../../local/project.ts";
import type { StackFile } from "../../local/stackFile.ts";
import { UNKNOWN } from "../../local/values.ts";
import { usageErrorOf } from "../support/programs.ts";

const closed = () => undefined;

function project(config: Readonly<Record<string, ConfigDeclaration>> = {}): Project {
  return {
    name: "shop",
    file: "/shop/Pulumi.yaml",
    directory: "/shop",
    programDirectory: "/shop",
    entryPoint: ".",
    stackConfigDirectory: "/shop",
    runtime: { typescript: false, nodeArguments: [] },
    config,
  };
}

function stack(config: StackFile["config"]): StackFile {
  return { stack: "dev", file: "/shop/Pulumi.dev.yaml", config };
}

/** What a program is given. */
function given(
  config: StackFile["config"],
  declared: Readonly<Record<string, ConfigDeclaration>> = {},
  decrypt: (ciphertext: string) => string | undefined = closed,
) {
  return Object.fromEntries(resolveConfig(project(declared), stack(config), decrypt));
}

function problems(
  config: StackFile["config"],
  declared: Readonly<Record<string, ConfigDeclaration>> = {},
  decrypt: (ciphertext: string) => string | undefined = closed,
): Promise<string> {
  return usageErrorOf(() => resolveConfig(project(declared), stack(config), decrypt));
}

describe("values", () => {
  test("reach the program as text, structures as JSON", () => {
    expect(
      given({
        "shop:text": "a",
        "shop:number": 3,
        "shop:on": true,
        "shop:list": [1, { a: "b" }],
        "azure-native:location": "westeurope",
      }),
    ).toEqual({
      "shop:text": { value: "a", secret: false },
      "shop:number": { value: "3", secret: false },
      "shop:on": { value: "true", secret: false },
      "shop:list": { value: '[1,{"a":"b"}]', secret: false },
      "azure-native:location": { value: "westeurope", secret: false },
    });
  });

  test("come in order of their keys", () => {
    const config = resolveConfig(project(), stack({ "b:x": 1, "a:y": 2, "B:z": 3 }), closed);
    expect([...config.keys()]).toEqual(["B:z", "a:y", "b:x"]);
  });

  test("of the old spelling of a key are those of the new", () => {
    expect(given({ "shop:config:size": 3 }, { size: { type: "integer" } })).toEqual({
      "shop:size": { value: "3", secret: false },
    });
  });

  test("whose key has no namespace are refused", async () => {
    expect(await problems({ size: 3 })).toBe(
      "/shop/Pulumi.dev.yaml: size: a key needs a namespace; write shop:size.",
    );
  });
});

describe("defaults", () => {
  test("stand in for what the stack leaves out", () => {
    const declared: Record<string, ConfigDeclaration> = {
      size: { type: "integer", default: 2 },
      zones: { type: "array", items: { type: "string" }, default: ["1", "2"] },
      none: { default: null },
      "azure-native:location": { value: "westeurope" },
    };
    expect(given({}, declared)).toEqual({
      "azure-native:location": { value: "westeurope", secret: false },
      "shop:none": { value: "null", secret: false },
      "shop:size": { value: "2", secret: false },
      "shop:zones": { value: '["1","2"]', secret: false },
    });
    expect(given({ "shop:size": 3 }, { size: { type: "integer", default: 2 } })).toEqual({
      "shop:size": { value: "3", secret: false },
    });
  });

  test("a value wins over a default", () => {
    expect(given({}, { size: { value: 1, default: 2 } })).toEqual({
      "shop:size": { value: "1", secret: false },
    });
  });

  test("a setting of the program's own without one must be set", async () => {
    expect(await problems({}, { owner: { type: "string" } })).toBe(
      "/shop/Pulumi.dev.yaml: shop:owner: is missing; /shop/Pulumi.yaml declares it without a default.",
    );
  });

  test("a provider's setting without one need not be set", () => {
    expect(given({}, { "azure-native:location": { type: "string" } })).toEqual({});
  });

  test("of a stack without a file are asked of the stack", async () => {
    const bare = { stack: "dev", config: {} };
    expect(await usageErrorOf(() => resolveConfig(project({ owner: {} }), bare, closed))).toBe(
      "stack dev: shop:owner: is missing; /shop/Pulumi.yaml declares it without a default.",
    );
  });
});

describe("types", () => {
  const array = (type: string): ConfigDeclaration => ({ type: "array", items: { type } });

  test.each<[string, StackFile["config"][string], ConfigDeclaration]>([
    ["string", "a", { type: "string" }],
    ["string", "", { type: "string" }],
    ["string", 3, { type: "string" }],
    ["string", '{"json": "in text"}', { type: "string" }],
    ["integer", 3, { type: "integer" }],
    ["integer", "-3", { type: "integer" }],
    ["boolean", false, { type: "boolean" }],
    ["boolean", "true", { type: "boolean" }],
    ["object", {}, { type: "object" }],
    ["object", '{"a": 1}', { type: "object" }],
    ["array", [], array("string")],
    ["array", ["a", "b"], array("string")],
    ["array", [1, "2"], array("integer")],
    ["array", "[1]", array("integer")],
    [
      "array",
      [[true], []],
      { type: "array", items: { type: "array", items: { type: "boolean" } } },
    ],
    ["anything", { a: [] }, {}],
  ])("%s: %j fits", (_, value, declaration) => {
    expect(Object.keys(given({ "shop:x": value }, { x: declaration }))).toEqual(["shop:x"]);
  });

  test.each<[string, StackFile["config"][string], ConfigDeclaration, string]>([
    ["string", { a: 1 }, { type: "string" }, '{"a":1}'],
    ["string", ["a"], { type: "string" }, '["a"]'],
    ["integer", "three", { type: "integer" }, "three"],
    ["integer", 3.5, { type: "integer" }, "3.5"],
    ["integer", "3.0", { type: "integer" }, "3.0"],
    ["integer", "", { type: "integer" }, ""],
    ["integer", true, { type: "integer" }, "true"],
    ["boolean", "yes", { type: "boolean" }, "yes"],
    ["boolean", 1, { type: "boolean" }, "1"],
    ["object", [], { type: "object" }, "[]"],
    ["object", "text", { type: "object" }, "text"],
    ["array<string>", {}, array("string"), "{}"],
    ["array<string>", ["a", { b: 1 }], array("string"), '["a",{"b":1}]'],
    ["array<integer>", ["a"], array("integer"), '["a"]'],
    [
      "array<array<boolean>>",
      [["x"]],
      { type: "array", items: { type: "array", items: { type: "boolean" } } },
      '[["x"]]',
    ],
  ])("%s: %j does not", async (type, value, declaration, shown) => {
    expect(await problems({ "shop:x": value }, { x: declaration })).toBe(
      `/shop/Pulumi.dev.yaml: shop:x: must be of type ${type}, but is ${shown}`,
    );
  });

  test("of a provider's settings are checked, too", async () => {
    expect(
      await problems(
        { "azure-native:useMsi": "maybe" },
        { "azure-native:useMsi": { type: "boolean" } },
      ),
    ).toBe("/shop/Pulumi.dev.yaml: azure-native:useMsi: must be of type boolean, but is maybe");
  });
});

describe("secrets", () => {
  const open = (ciphertext: string) => `opened ${ciphertext}`;

  test("are opened wherever they are", () => {
    expect(
      given(
        {
          "shop:token": { secure: "v1:a" },
          "shop:database": { user: "u", password: { secure: "v1:b" }, all: [{ secure: "v1:c" }] },
          "shop:plain": { secure: "v1:d", and: "more" },
          "shop:number": { secure: 3 },
        },
        {},
        open,
      ),
    ).toEqual({
      "shop:token": { value: "opened v1:a", secret: true },
      "shop:database": {
        value: '{"user":"u","password":"opened v1:b","all":["opened v1:c"]}',
        secret: true,
      },
      // Not what Pulumi writes for a secret.
      "shop:plain": { value: '{"secure":"v1:d","and":"more"}', secret: false },
      "shop:number": { value: '{"secure":3}', secret: false },
    });
  });

  test("that cannot be opened are unknown, and still secret", () => {
    const declared: Record<string, ConfigDeclaration> = {
      token: { type: "string", secret: true },
      port: { type: "integer" },
      ports: { type: "array", items: { type: "integer" } },
      database: { type: "object" },
    };
    expect(
      given(
        {
          "shop:token": { secure: "v1:a" },
          "shop:port": { secure: "v1:b" },
          "shop:ports": [1, { secure: "v1:c" }],
          "shop:database": { secure: "v1:d" },
        },
        declared,
      ),
    ).toEqual({
      "shop:token": { value: UNKNOWN, secret: true },
      "shop:port": { value: UNKNOWN, secret: true },
      "shop:ports": { value: `[1,"${UNKNOWN}"]`, secret: true },
      "shop:database": { value: UNKNOWN, secret: true },
    });
  });

  test("of the wrong type are not shown", async () => {
    expect(
      await problems({ "shop:port": { secure: "v1:a" } }, { port: { type: "integer" } }, open),
    ).toBe("/shop/Pulumi.dev.yaml: shop:port: must be of type integer, but is (secret)");
    const nested = await problems(
      { "shop:list": ["plain", { secure: "v1:a" }] },
      { list: { type: "object" } },
      open,
    );
    expect(nested).toBe(
      "/shop/Pulumi.dev.yaml: shop:list: must be of type object, but is (secret)",
    );
  });

  test("that stand there in clear are refused, and not shown", async () => {
    expect(await problems({ "shop:token": "hunter2" }, { token: { secret: true } })).toBe(
      "/shop/Pulumi.dev.yaml: shop:token: must be a secret; set it with `pulumi config set --secret shop:token`.",
    );
  });
});

test("all that is wrong is told in one report", async () => {
  expect(
    await problems(
      { size: 1, "shop:count": "many", "shop:token": "clear" },
      {
        count: { type: "integer" },
        token: { type: "string", secret: true },
        owner: { type: "string" },
      },
    ),
  ).toBe(
    [
      "size: a key needs a namespace; write shop:size.",
      "shop:count: must be of type integer, but is many",
      "shop:token: must be a secret; set it with `pulumi config set --secret shop:token`.",
      "shop:owner: is missing; /shop/Pulumi.yaml declares it without a default.",
    ]
      .map((problem) => `/shop/Pulumi.dev.yaml: ${problem}`)
      .join("\n"),
  );
});
