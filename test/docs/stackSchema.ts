import { z } from "zod";
import { isSensitive } from "../../settings/core/secrets.ts";
import { LOCATION } from "../../settings/location/location.ts";
import { Shape } from "../../settings/schema.ts";

/** The parts of a setting's JSON schema that are printed and read here. */
export interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  /** The message that an editor shows for a text that does not match. */
  readonly patternErrorMessage?: string;
  /** The message that an editor shows for a value of another type. */
  readonly errorMessage?: string;
  /** The name of a map that an editor shows for a value of another type. */
  readonly title?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** Keys whose default in Pulumi.yaml, an empty map, means a stack without them. */
const OPTIONAL = ["gitops", "certificates"];

/** The keys under `aks-istio:`, by name, with everything that JSON Schema can express about them. */
export function settingSchemas(): Readonly<Record<string, Schema>> {
  const printed = z.toJSONSchema(Shape, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  }) as Schema;
  return Object.fromEntries(
    Object.entries(printed.properties ?? {}).map(([key, schema]) => [key, readable(schema, [key])]),
  );
}

/** The schema without the parts that tell a reader nothing, and with secrets in the form of a stack file. */
function readable(
  schema: Schema & { readonly allOf?: readonly Schema[] },
  steps: string[],
): Schema {
  const { allOf, properties, items, additionalProperties, propertyNames, ...rest } = schema;
  if (isSensitive(steps)) {
    return {
      title: "a secret; set it with pulumi config set --secret --path",
      description: `${rest.description ?? ""} Set it with pulumi config set --secret --path.`,
      type: "object",
      properties: { secure: { description: "The encrypted value.", type: "string" } },
      required: ["secure"],
      additionalProperties: false,
    };
  }
  const { default: preset, ...others } = rest;
  // Every text refuses invisible characters first; its own pattern comes last.
  const pattern = rest.pattern ?? allOf?.at(-1)?.pattern;
  return {
    ...others,
    ...typeMessage(rest),
    ...(pattern === undefined ? {} : { pattern }),
    // Conditions between the keys of a map.
    ...(allOf === undefined || properties === undefined ? {} : { allOf }),
    ...(isUsual(preset, rest) ? { default: preset } : {}),
    ...(items === undefined ? {} : { items: readable(items, [...steps, "0"]) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, inner]) => [
              key,
              readable(inner, [...steps, key]),
            ]),
          ),
        }),
    ...(propertyNames?.examples === undefined ? {} : { propertyNames }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            additionalProperties && readable(additionalProperties, [...steps, "*"]),
        }),
  };
}

/** What an editor says about a value of another type. Its own words name only the type. */
function typeMessage({ type, enum: allowed, patternErrorMessage }: Schema): Partial<Schema> {
  if (type === "string" && allowed === undefined) {
    const rule = patternErrorMessage ?? "must be a text";
    return { errorMessage: `${rule}; write a number, true or false in quotes` };
  }
  if (type === "integer") return { errorMessage: "must be a whole number, without quotes" };
  if (type === "boolean") return { errorMessage: "must be true or false, without quotes" };
  // Of a map, an editor would also show a message for each unknown or missing key.
  return type === "object" ? { title: "a map of settings" } : {};
}

/** Whether a default is a value that a user could write, rather than the empty map that the nested defaults fill. */
function isUsual(preset: unknown, { minItems = 0 }: Schema): boolean {
  if (preset === undefined) return false;
  if (Array.isArray(preset)) return preset.length >= minItems;
  return JSON.stringify(preset) !== "{}";
}

/** The JSON schema of a whole stack file, Pulumi.<stack>.yaml. */
export function stackSchema(): object {
  const settings = Object.entries(settingSchemas()).map(([key, schema]) => [
    `aks-istio:${key}`,
    OPTIONAL.includes(key) ? unlessEmpty(schema) : schema,
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack file of aks-istio",
    type: "object",
    properties: {
      config: {
        description: "The configuration of the stack.",
        type: "object",
        properties: {
          [LOCATION]: {
            description: "The Azure region of every resource, such as westeurope.",
            type: "string",
            pattern: "^[a-z][a-z0-9]*$",
            patternErrorMessage: "must be an Azure region, such as westeurope",
            examples: ["westeurope"],
          },
          ...(Object.fromEntries(settings) as object),
        },
        // Providers have keys too.
        patternProperties: { "^(?!aks-istio:)": {} },
        additionalProperties: false,
      },
      environment: { description: "The Pulumi ESC environments that add to the configuration." },
      secretsprovider: {
        description: "The service that encrypts the stack's secrets.",
        type: "string",
      },
      encryptionsalt: {
        description: "The salt of the passphrase that encrypts the stack's secrets.",
        type: "string",
      },
      encryptedkey: {
        description: "The encrypted key of the secrets provider.",
        type: "string",
      },
    },
    // An environment may provide any of these keys.
    if: { not: { required: ["environment"] } },
    then: {
      required: ["config"],
      properties: {
        config: {
          required: [LOCATION, "aks-istio:cluster", "aks-istio:mesh", "aks-istio:access"],
        },
      },
    },
  };
}

function unlessEmpty({ required, ...schema }: Schema): object {
  return { ...schema, if: { minProperties: 1 }, then: { required } };
}

/** A setting by its path, in which `<name>` means any name. */
export interface Setting {
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every setting, each before its nested settings. */
export function everySetting(): readonly Setting[] {
  return Object.entries(settingSchemas()).flatMap(([key, schema]) =>
    withInner({ path: [key], schema, required: false }),
  );
}

function withInner(setting: Setting): readonly Setting[] {
  const { path, schema } = setting;
  const { properties = {}, additionalProperties, required = [] } = schema;
  const inner = isSensitive(path) ? [] : Object.entries(properties);
  return [
    setting,
    ...inner.flatMap(([key, below]) =>
      withInner({ path: [...path, key], schema: below, required: required.includes(key) }),
    ),
    ...(additionalProperties
      ? withInner({ path: [...path, NAME], schema: additionalProperties, required: false })
      : []),
  ];
}

export const NAME = "<name>";
