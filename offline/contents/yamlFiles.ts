import { resolve } from "node:path";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import { readRegularFile } from "../../manifests/entry.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { messageOf } from "../errors.ts";
import { isUnknown } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";
import { notFetched, textOf, unknownInputs } from "./contents.ts";
import type { Contents, ReadingContext } from "./contents.ts";
import { glob, isPattern } from "./goGlob.ts";

/**
 * The objects of a `yaml.v2.ConfigFile`.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/yaml/v2/configfile.go
 * @throws if the provider cannot read the file
 */
export function configFileContents(inputs: Properties, { directory }: ReadingContext): Contents {
  const unknown = unknownInputs(inputs, "file", "resourcePrefix");
  if (unknown !== undefined) return unknown;
  const file = textOf(inputs["file"]) ?? "";
  return notFetched([file]) ?? { objects: objectsIn(file, directory) };
}

/**
 * The objects of a `yaml.v2.ConfigGroup`: those of its files, of its text, and those that the program writes, which may
 * have unknown fields.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/yaml/v2/configgroup.go
 * @throws if the provider cannot read a file or the text
 */
export function configGroupContents(inputs: Properties, { directory }: ReadingContext): Contents {
  const { objs = [] } = inputs;
  const unknown = unknownInputs(
    inputs,
    ...["files", "yaml", "resourcePrefix"],
    ...(isUnknown(objs) ? ["objs"] : []),
  );
  if (unknown !== undefined) return unknown;
  const files = listOf(inputs["files"]).flatMap((file) => textOf(file) ?? []);
  const objects = listOf(objs);
  if (!objects.every(isJsonObject) || objects.some(hasUnknownIdentity)) {
    return {
      reason:
        "objs includes an object whose kind, name or namespace is known only after deployment.",
    };
  }
  return (
    notFetched(files) ?? {
      objects: [
        ...files
          .flatMap((file) => (isPattern(file) ? glob(file, directory) : [file]))
          .flatMap((file) => objectsIn(file, directory)),
        ...decoded(textOf(inputs["yaml"]) ?? "", "yaml"),
        ...objects,
      ],
    }
  );
}

function objectsIn(file: string, directory: string): readonly JsonObject[] {
  return decoded(readRegularFile(resolve(directory, file)), file);
}

function decoded(text: string, source: string): readonly JsonObject[] {
  try {
    return documentsOf(text);
  } catch (error) {
    throw new Error(`${source}: ${messageOf(error)}`);
  }
}

/** Whether it cannot become a resource, because these fields name and classify it. */
function hasUnknownIdentity({ apiVersion, kind, metadata, items }: JsonObject): boolean {
  if (Array.isArray(items)) {
    return (items as readonly Json[]).filter(isJsonObject).some(hasUnknownIdentity);
  }
  const [name, namespace] = isJsonObject(metadata)
    ? [metadata["name"], metadata["namespace"]]
    : [metadata];
  return [apiVersion, kind, name, namespace, items].some(
    (value) => value !== undefined && isUnknown(value),
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
