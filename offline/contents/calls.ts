import { DECODE_YAML, decodeYaml } from "../../manifests/decodeYaml.ts";
import type { Properties } from "../plan/values.ts";
import { unknownInputs } from "./contents.ts";
import type { Contents, Reader } from "./contents.ts";
import { oldChartContents } from "./helm.ts";
import { oldDirectoryContents } from "./kustomize.ts";

/** Calls of an SDK that ask the Kubernetes provider for objects, which become resources of the program. */
export const CALLS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [DECODE_YAML, decodedContents],
  ["kubernetes:helm:template", oldChartContents],
  ["kubernetes:kustomize:directory", oldDirectoryContents],
]);

function decodedContents(inputs: Properties): Contents {
  const { text } = inputs;
  return (
    unknownInputs(inputs, "text") ?? { objects: typeof text === "string" ? decodeYaml(text) : [] }
  );
}
