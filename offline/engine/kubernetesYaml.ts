import { LineCounter, parseAllDocuments } from "yaml";
import { asGoReads, toValue } from "../project/goYaml.ts";
import type { Yaml } from "../project/goYaml.ts";
import { isObject } from "../plan/values.ts";
import type { Value } from "../plan/values.ts";

/** The call by which an SDK has the Kubernetes provider read YAML. It needs no cluster. */
export const DECODE_YAML = "kubernetes:yaml:decode";

/**
 * The objects of a text, as the Kubernetes provider's `yaml:decode` gives them: every document that
 * has a kind and an API version, lists as they are.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/invoke_decode_yaml.go
 * @throws where the text is no YAML, or a document is no object
 */
export function decodeYaml(text: string): readonly Value[] {
  const lineCounter = new LineCounter();
  return [...parseAllDocuments(text, { ...asGoReads(2), lineCounter })].flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Error(`line ${lineCounter.linePos(error.pos[0]).line}: ${error.message}`);
    }
    const object = toValue(document.toJS() as Yaml);
    if (object === null) return [];
    if (!isObject(object)) {
      const { line } = lineCounter.linePos(document.range[0]);
      throw new Error(`the document at line ${line} is no object`);
    }
    // Manifests have empty documents, and some that only hold comments.
    return isText(object["kind"]) && isText(object["apiVersion"]) ? [object] : [];
  });
}

function isText(value: Value | undefined): boolean {
  return typeof value === "string" && value !== "";
}
