import { parseDocument } from "yaml";
import { valueOf } from "../../yaml/documentProblems.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";

/** The value of a YAML text in a field of an object; undefined if it is not valid. */
export function yamlValue(text: string): unknown {
  const document = parseDocument(text, goYamlOptions(2));
  if (document.errors.length > 0) return undefined;
  try {
    return valueOf(document);
  } catch {
    // An alias without an anchor, or a merge with something other than maps.
    return undefined;
  }
}
