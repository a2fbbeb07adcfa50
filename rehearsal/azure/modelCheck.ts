import { isObject, isUnknown } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import type { Declared, DeclaredType, SdkTypes } from "./sdkTypes.ts";

/** Errors in inputs according to the API's model. */
export interface ModelProblems {
  /** Errors that the provider finds before it calls Azure, in its own words. */
  readonly check: readonly string[];
  /** Values that are not in an enumeration. Only Azure rejects them; open enumerations may accept them. */
  readonly invalid: readonly { readonly path: string; readonly open: boolean }[];
}

/**
 * Checks inputs against the declarations of the SDK.
 *
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/provider.go validateType
 */
export function modelProblems(
  declared: readonly Declared[],
  inputs: Properties,
  types: SdkTypes,
): ModelProblems {
  const check: string[] = [];
  const invalid: ModelProblems["invalid"][number][] = [];

  function object(properties: readonly Declared[], value: Properties, path: string): void {
    for (const { name, required, type } of properties) {
      const at = path === "" ? name : `${path}.${name}`;
      const inner = value[name];
      if (inner !== undefined && inner !== null) one(type, inner, at);
      // The provider may fill in top-level properties, and checks those itself.
      else if (required && path !== "") check.push(`missing required property '${at}'`);
    }
  }

  function one(type: DeclaredType, value: Value, path: string): void {
    if (isUnknown(value)) return;
    switch (type.is) {
      case "any":
        return;
      case "string":
      case "number":
      case "boolean":
        if (typeof value !== type.is) mismatch(path, type.is, value);
        return;
      case "enum":
        if (typeof value !== "string") mismatch(path, "string", value);
        else if (!isAmong(value, type.values)) invalid.push({ path, open: type.open });
        return;
      case "list":
        if (!Array.isArray(value)) mismatch(path, "array", value);
        else {
          for (const [i, item] of (value as readonly Value[]).entries()) {
            one(type.of, item, `${path}[${i}]`);
          }
        }
        return;
      case "map":
        if (!isObject(value)) mismatch(path, "object", value);
        else for (const [key, item] of Object.entries(value)) one(type.of, item, `${path}.${key}`);
        return;
      case "object":
        if (!isObject(value)) mismatch(path, "object", value);
        else object(types.object(type), value, path);
        return;
    }
  }

  function mismatch(path: string, wanted: string, value: Value): void {
    const is = Array.isArray(value)
      ? "an array"
      : isObject(value)
        ? "an object"
        : `a ${typeof value}`;
    check.push(`'${path}' should be of type '${wanted}' but got ${is}`);
  }

  object(declared, inputs, "");
  return { check, invalid };
}

/** Azure reads enumerations case-insensitively. If the values are not declared, any value passes. */
function isAmong(value: string, values: readonly string[]): boolean {
  return values.length === 0 || values.some((each) => each.toLowerCase() === value.toLowerCase());
}
