import { LineCounter, parseAllDocuments } from "yaml";
import { problemsOf, valueOf } from "../yaml/documentProblems.ts";
import { goYamlOptions } from "../yaml/goYaml.ts";
import { isJsonObject, toJson } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";

/** The call with which an SDK asks the Kubernetes provider to parse YAML. It does not need a cluster. */
export const DECODE_YAML = "kubernetes:yaml:decode";

/**
 * The objects in a text, as the Kubernetes provider's `yaml:decode` returns them: every document that has a kind and an
 * API version. Lists are not expanded.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/invoke_decode_yaml.go
 * @throws if the text is not valid YAML, or a document is not an object
 */
export function decodeYaml(text: string): readonly JsonObject[] {
  return documentsOf(text).filter(
    ({ kind, apiVersion }) => isNonemptyText(kind) && isNonemptyText(apiVersion),
  );
}

/**
 * Every document of a text, without empty ones.
 *
 * @throws if the text is not valid YAML, or a document is not an object
 */
export function documentsOf(text: string): readonly JsonObject[] {
  const lineCounter = new LineCounter();
  return [...parseAllDocuments(text, { ...goYamlOptions(2), lineCounter })].flatMap((document) => {
    const [problem] = problemsOf(document, lineCounter, { repeatedKeysAllowed: true });
    if (problem !== undefined) throw new Error(`line ${problem.line}: ${problem.message}`);
    const object = toJson(valueOf(document));
    // Manifests may contain empty documents and documents with only comments.
    if (object === null) return [];
    if (!isJsonObject(object)) {
      const { line } = lineCounter.linePos(document.range[0]);
      throw new Error(`the document at line ${line} is not an object`);
    }
    return Object.keys(object).length === 0 ? [] : [object];
  });
}

function isNonemptyText(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}
