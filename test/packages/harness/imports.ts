import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

/** What a file of JavaScript or of declarations imports, from packages and from files. */
export interface Imports {
  readonly packages: readonly string[];
  /** Paths in its own package. */
  readonly files: readonly string[];
}

export function importsOf(path: string, text: string): Imports {
  const specifiers = [
    ...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(/require\.resolve\("([^"]+)"\)/g)].map(([, name = ""]) => name),
  ].filter((specifier) => !isBuiltin(specifier));
  const isFile = (specifier: string) => specifier.startsWith(".");
  return {
    packages: specifiers
      .filter((specifier) => !isFile(specifier))
      .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier),
    files: specifiers.filter(isFile).map((specifier) => join(dirname(path), specifier)),
  };
}
