import { LineCounter, parseAllDocuments } from "yaml";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import { isObject, toValue } from "../plan/values.ts";
import type { Value } from "../plan/values.ts";

/** The call with which an SDK asks the Kubernetes provider to parse YAML. It does not need a cluster. */
export const DECODE_YAML = "kubernetes:yaml:decode";

/**
 * The objects in a text, as the Kubernetes provider's `yaml:decode` returns them: every document that has a kind and an
 * API version. Lists are not expanded.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/invoke_decode_yaml.go
 * @throws if the text is not valid YAML, or a document is not an object
 */
export function decodeYaml(text: string): readonly Value[] {
  const lineCounter = new LineCounter();
  return [...parseAllDocuments(text, { ...goYamlOptions(2), lineCounter })].flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Error(`line ${lineCounter.linePos(error.pos[0]).line}: ${error.message}`);
    }
    const object = toValue(document.toJS() as Yaml);
    if (object === null) return [];
    if (!isObject(object)) {
      const { line } = lineCounter.linePos(document.range[0]);
      throw new Error(`the document at line ${line} is not an object`);
    }
    // Manifests may contain empty documents and documents with only comments.
    return isText(object["kind"]) && isText(object["apiVersion"]) ? [object] : [];
  });
}

function isText(value: Value | undefined): boolean {
  return typeof value === "string" && value !== "";
}
