import { isJsonObject } from "../yaml/json.ts";
import type { Json } from "../yaml/json.ts";
import { documentsOf } from "./decodeYaml.ts";

/** Kinds with values of Secrets. The items of a SecretList need no kind of their own. */
const SECRET_KINDS: readonly Json[] = ["Secret", "SecretList"];

/** Where a kustomization has values of Secrets. */
const SECRET_GENERATOR = "secretGenerator";

/**
 * Whether a text in YAML or JSON has a Secret, also in a list or another object. A text that cannot be read may have one.
 */
export function mayHaveSecret(text: string): boolean {
  try {
    // A mark at the start of a document would be part of its first key.
    return documentsOf(text.replaceAll("\ufeff", "")).some(hasSecret);
  } catch {
    return true;
  }
}

function hasSecret(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasSecret);
  if (!isJsonObject(value)) return false;
  if (SECRET_KINDS.includes(value["kind"] ?? null) || SECRET_GENERATOR in value) return true;
  return Object.values(value).some(hasSecret);
}
