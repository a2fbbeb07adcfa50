import { parseAllDocuments } from "yaml";

/** The content of a YAML text, or the reason why it cannot be read, as sentences with the fix. */
export type YamlText = { readonly content: unknown } | { readonly problem: string };

/** Reads one YAML document in the version of Go's libraries, YAML 1.1, in which `yes` is true. */
export function readYaml(text: string): YamlText {
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
    return { content: document.toJS() as unknown };
  } catch (failure) {
    // Too many aliases, an alias without an anchor, or a merge with something other than a mapping.
    const { message } = failure as Error;
    return {
      problem: `It cannot be read as YAML: ${message}. Write it without aliases and merges.`,
    };
  }
}
