import { UNKNOWN, isObject } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import type { Declared, DeclaredType, SdkTypes } from "./sdkTypes.ts";

/**
 * The outputs in a preview: the inputs, with everything that Azure would add as unknown, at any depth.
 *
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/provider.go Create, with Preview
 */
export function previewOutputs(
  declared: readonly Declared[],
  inputs: Properties,
  types: SdkTypes,
): Properties {
  const known = new Map(declared.map(({ name, type }) => [name, type]));
  return Object.fromEntries([
    ...declared.map(({ name }) => [name, UNKNOWN] as const),
    ...Object.entries(inputs).map(([name, value]) => {
      const type = known.get(name);
      return [name, type === undefined ? value : filled(type, value, types)] as const;
    }),
  ]);
}

function filled(type: DeclaredType, value: Value, types: SdkTypes): Value {
  if (type.is === "list" && Array.isArray(value)) {
    return (value as readonly Value[]).map((item) => filled(type.of, item, types));
  }
  if (!isObject(value)) return value;
  if (type.is === "object") return previewOutputs(types.object(type), value, types);
  if (type.is !== "map") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, filled(type.of, inner, types)]),
  );
}
