import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../../offline/project/config.ts";
import type { ConfigDeclaration, Project } from "../../../offline/project/project.ts";
import type { StackFile } from "../../../offline/project/stackFile.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import { usageErrorOf } from "../../support/programs.ts";

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

/** The configuration that a program receives. */
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

  test("are sorted by key", () => {
    const config = resolveConfig(project(), stack({ "b:x": 1, "a:y": 2, "B:z": 3 }), closed);
    expect([...config.keys()]).toEqual(["B:z", "a:y", "b:x"]);
  });

  test("with the old spelling of a key belong to the new one", () => {
    expect(given({ "shop:config:size": 3 }, { size: { type: "integer" } })).toEqual({
      "shop:size": { value: "3", secret: false },
    });
  });

  test("without a namespace in the key belong to the project", () => {
    expect(given({ size: 3 })).toEqual({ "shop:size": { value: "3", secret: false } });
  });

  test.each(["a:b:c", "a:config:b:c", "shop:config:a:b"])("%s is not a valid key", async (key) => {
    expect(await problems({ [key]: 3 })).toBe(
      `/shop/Pulumi.dev.yaml: ${key}: is not a valid configuration key; use <namespace>:<name>.`,
    );
  });

  test.each([
    [{ "shop:size": 1, "shop:config:size": 2 }, "shop:config:size", "shop:size"],
    [{ size: 1, "shop:size": 2 }, "shop:size", "size"],
  ])("%j: one setting in two spellings is rejected", async (config, second, first) => {
    expect(await problems(config)).toBe(
      `/shop/Pulumi.dev.yaml: ${second}: is the same setting as ${first}; keep one of them.`,
    );
  });

  test("are written as Pulumi writes them", () => {
    expect(
      given({
        big: 9007199254740993n,
        none: null,
        nested: { b: 9007199254740993n, a: "<&>\u2028", none: null, B: 1e21 },
        ["__proto__"]: { ["__proto__"]: 1, constructor: 2 },
      }),
    ).toEqual({
      "shop:__proto__": { value: '{"__proto__":1,"constructor":2}', secret: false },
      "shop:big": { value: "9007199254740993", secret: false },
      "shop:none": { value: "", secret: false },
      "shop:nested": {
        value: '{"B":1e+21,"a":"\\u003c\\u0026\\u003e\\u2028","b":9007199254740993,"none":null}',
        secret: false,
      },
    });
  });
});

describe("defaults", () => {
  test("apply to settings that the stack omits", () => {
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

  test("are overridden by values", () => {
    expect(given({}, { size: { value: 1, default: 2 } })).toEqual({
      "shop:size": { value: "1", secret: false },
    });
  });

  test("are required for the program's own settings without a value", async () => {
    expect(await problems({}, { owner: { type: "string" } })).toBe(
      "/shop/Pulumi.dev.yaml: shop:owner: is required; /shop/Pulumi.yaml declares it without a default.",
    );
  });

  test("are optional for a provider's settings", () => {
    expect(given({}, { "azure-native:location": { type: "string" } })).toEqual({});
  });

  test("that are missing in a stack without a file are reported for the stack", async () => {
    const bare = { stack: "dev", config: {} };
    expect(await usageErrorOf(() => resolveConfig(project({ owner: {} }), bare, closed))).toBe(
      "stack dev: shop:owner: is required; /shop/Pulumi.yaml declares it without a default.",
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
  ])("%s: %j is valid", (_, value, declaration) => {
    expect(Object.keys(given({ "shop:x": value }, { x: declaration }))).toEqual(["shop:x"]);
  });

  test.each<[string, StackFile["config"][string], ConfigDeclaration, string]>([
    ["string", { a: 1 }, { type: "string" }, "is an object"],
    ["string", ["a"], { type: "string" }, "is an array"],
    ["integer", "three", { type: "integer" }, "is a string"],
    ["integer", 3.5, { type: "integer" }, "is a number"],
    ["integer", "3.0", { type: "integer" }, "is a string"],
    ["integer", "", { type: "integer" }, "is a string"],
    ["integer", true, { type: "integer" }, "is a boolean"],
    ["boolean", "yes", { type: "boolean" }, "is a string"],
    ["boolean", 1, { type: "boolean" }, "is a number"],
    ["object", [], { type: "object" }, "is an array"],
    ["object", "[]", { type: "object" }, "is an array"],
    ["object", "text", { type: "object" }, "is a string"],
    ["array<string>", {}, array("string"), "is an object"],
    ["array<string>", ["a", { b: 1 }], array("string"), "item 2 is an object"],
    ["array<integer>", ["a"], array("integer"), "item 1 is a string"],
    ["array<integer>", [1, null], array("integer"), "item 2 is null"],
    [
      "array<array<boolean>>",
      [["x"]],
      { type: "array", items: { type: "array", items: { type: "boolean" } } },
      "item 1 item 1 is a string",
    ],
  ])("%s: %j is not", async (type, value, declaration, shown) => {
    expect(await problems({ "shop:x": value }, { x: declaration })).toBe(
      `/shop/Pulumi.dev.yaml: shop:x: must be of type ${type}, but ${shown}.`,
    );
  });

  test("of a provider's settings are checked too", async () => {
    expect(
      await problems(
        { "azure-native:useMsi": "maybe" },
        { "azure-native:useMsi": { type: "boolean" } },
      ),
    ).toBe("/shop/Pulumi.dev.yaml: azure-native:useMsi: must be of type boolean, but is a string.");
  });
});

describe("secrets", () => {
  const open = (ciphertext: string) => `opened ${ciphertext}`;

  test("are decrypted at any depth", () => {
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
      "shop:token": {
        value: "opened v1:a",
        secret: true,
        plaintexts: ["opened v1:a"],
      },
      "shop:database": {
        value: '{"all":["opened v1:c"],"password":"opened v1:b","user":"u"}',
        secret: true,
        plaintexts: ["opened v1:b", "opened v1:c"],
      },
      // Not in the form in which Pulumi writes a secret.
      "shop:plain": { value: '{"and":"more","secure":"v1:d"}', secret: false },
      "shop:number": { value: '{"secure":3}', secret: false },
    });
  });

  test("that cannot be decrypted are unknown, and still secret", () => {
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
      "shop:token": { value: UNKNOWN, secret: true, plaintexts: [] },
      "shop:port": { value: UNKNOWN, secret: true, plaintexts: [] },
      "shop:ports": { value: `[1,"${UNKNOWN}"]`, secret: true, plaintexts: [] },
      "shop:database": { value: UNKNOWN, secret: true, plaintexts: [] },
    });
  });

  test("of the wrong type are not shown", async () => {
    expect(
      await problems({ "shop:port": { secure: "v1:a" } }, { port: { type: "integer" } }, open),
    ).toBe("/shop/Pulumi.dev.yaml: shop:port: must be of type integer, but is a string.");
    const nested = await problems(
      { "shop:list": ["plain", { secure: "v1:a" }] },
      { list: { type: "object" } },
      open,
    );
    expect(nested).toBe(
      "/shop/Pulumi.dev.yaml: shop:list: must be of type object, but is an array.",
    );
  });

  test("in plain text are rejected, and not shown", async () => {
    expect(await problems({ "shop:token": "hunter2" }, { token: { secret: true } })).toBe(
      "/shop/Pulumi.dev.yaml: shop:token: must be a secret; set it with `pulumi config set --secret shop:token`.",
    );
  });
});

test("that are damaged are an error at their key", async () => {
  const damaged = () => {
    throw new Error("cipher: message authentication failed");
  };
  expect(
    await problems({ "shop:token": { secure: "v1:a" } }, { token: { type: "integer" } }, damaged),
  ).toBe(
    "/shop/Pulumi.dev.yaml: shop:token: cannot be decrypted: cipher: message authentication failed. Set it again with `pulumi config set --secret`.",
  );
});

describe("ESC environments", () => {
  const withEnvironment = {
    ...stack({ "shop:list": [1], mesh: { a: 1, b: { c: 1 } } }),
    environments: ["acme/dev"],
  };
  const resolve = (environment?: StackFile["config"], stackFile: StackFile = withEnvironment) =>
    Object.fromEntries(resolveConfig(project(), stackFile, closed, environment));

  test("are rejected without their values", async () => {
    expect(await usageErrorOf(() => resolve())).toBe(
      "/shop/Pulumi.dev.yaml: environment: the ESC environments acme/dev cannot be opened offline. Provide their configuration with --assume FILE, under environment.",
    );
  });

  test("are merged below the stack's own values, as in Pulumi", () => {
    expect(
      resolve({
        "shop:list": [2, 3],
        "shop:mesh": { a: 2, b: { d: 2 } },
        "shop:owner": "team",
        token: { "fn::secret": "hunter2" },
        "shop:database": { password: { "fn::secret": 12345 }, secure: "plain" },
      }),
    ).toEqual({
      "shop:database": {
        value: '{"password":12345,"secure":"plain"}',
        secret: true,
        plaintexts: ["12345"],
      },
      "shop:list": { value: "[1]", secret: false },
      "shop:mesh": { value: '{"a":1,"b":{"c":1,"d":2}}', secret: false },
      "shop:owner": { value: "team", secret: false },
      "shop:token": { value: "hunter2", secret: true, plaintexts: ["hunter2"] },
    });
  });

  test("add nothing to a stack without one", () => {
    expect(resolve({ "shop:owner": "team" }, stack({}))).toEqual({});
  });
});

test("keys that Pulumi ignores are reported with the problems", async () => {
  const hinted = { ...stack({}), hints: ["did you mean config?"] };
  const wrong = () => resolveConfig(project({ owner: {} }), hinted, closed);
  expect(await usageErrorOf(wrong)).toBe(
    "/shop/Pulumi.dev.yaml: shop:owner: is required; /shop/Pulumi.yaml declares it without a default.\ndid you mean config?",
  );
});

test("all problems are in one report", async () => {
  expect(
    await problems(
      { "a:b:c": 1, "shop:count": "many", "shop:token": "clear" },
      {
        count: { type: "integer" },
        token: { type: "string", secret: true },
        owner: { type: "string" },
      },
    ),
  ).toBe(
    [
      "a:b:c: is not a valid configuration key; use <namespace>:<name>.",
      "shop:count: must be of type integer, but is a string.",
      "shop:token: must be a secret; set it with `pulumi config set --secret shop:token`.",
      "shop:owner: is required; /shop/Pulumi.yaml declares it without a default.",
    ]
      .map((problem) => `/shop/Pulumi.dev.yaml: ${problem}`)
      .join("\n"),
  );
});
