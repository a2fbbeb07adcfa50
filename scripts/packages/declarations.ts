import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./packages.ts";

/**
 * Writes the declarations of modules, and of the modules whose types those use.
 *
 * @param modules paths in the sources, without extension
 * @throws Error if the sources do not compile
 */
export function declare(modules: readonly string[], directory: string): void {
  const texts = declarationsOf(modules);
  const written = new Set<string>();
  const write = (module: string) => {
    const text = texts.get(module);
    if (written.has(module) || text === undefined) return;
    written.add(module);
    const file = join(directory, `${module}.d.ts`);
    const imports = ts
      .preProcessFile(text)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => name.startsWith("."));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      imports.reduce((all, name) => all.replaceAll(`"${name}"`, `"${toJs(name)}"`), text),
    );
    for (const name of imports) write(join(dirname(module), name.replace(/\.ts$/, "")));
  };
  modules.forEach(write);
}

/** What is imported once the module is compiled. */
function toJs(name: string): string {
  return name.replace(/\.ts$/, ".js");
}

/** The declarations of modules and of all their imports, by module. */
function declarationsOf(modules: readonly string[]): ReadonlyMap<string, string> {
  const { options } = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, "tsconfig.json"),
    {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: ROOT,
      outDir: ROOT,
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  ) ?? { options: {} };
  const program = ts.createProgram(
    modules.map((module) => join(ROOT, `${module}.ts`)),
    options,
  );
  const texts = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (file, text) => {
    texts.set(relative(ROOT, file).replace(/\.d\.ts$/, ""), text);
  });
  [...ts.getPreEmitDiagnostics(program), ...diagnostics].slice(0, 1).forEach(fail);
  return texts;
}

function fail({ file, messageText }: ts.Diagnostic): never {
  throw new Error(`${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
