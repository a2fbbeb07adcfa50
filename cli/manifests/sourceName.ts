import { STDIN } from "../../manifests/readTree.ts";

/** A source of manifests in a sentence. */
export function sourceName(source: string): string {
  return source === STDIN ? "standard input" : source;
}
