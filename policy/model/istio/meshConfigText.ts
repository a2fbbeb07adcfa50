import { parseAllDocuments } from "yaml";

/** The content of a MeshConfig, or why its text cannot be read, as a sentence with the fix. */
export type ReadMeshConfig = { readonly content: unknown } | { readonly problem: string };

/** Reads the YAML text of a MeshConfig as Istio does. The content of an empty text is undefined. */
export function readMeshConfig(text: string): ReadMeshConfig {
  // Istio reads YAML 1.1, in which `yes` is true.
  const [document, ...others] = parseAllDocuments(text, { version: "1.1", prettyErrors: true });
  if (document === undefined) return { content: undefined };
  if (others.length > 0) {
    return { problem: "It contains more than one YAML document. Merge them into one." };
  }
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [summary = ""] = broken.message.split(":\n");
    return { problem: `It is not valid YAML: ${summary}. Correct it.` };
  }
  try {
    return { content: document.toJS() };
  } catch (failure) {
    // Too many aliases, an alias without an anchor, or a merge with something other than a mapping.
    const { message } = failure as Error;
    return {
      problem: `It cannot be read as YAML: ${message}. Write it without aliases and merges.`,
    };
  }
}
