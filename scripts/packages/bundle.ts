import { basename, join, relative } from "node:path";
import { rolldown } from "rolldown";
import type { OutputChunk, Plugin, RolldownBuild } from "rolldown";
import { ROOT, manifestOf } from "./packages.ts";

const PROTOCOLS = "@pulumi/pulumi/proto/";

/** The files of a package, by the source that each comes from. */
export type Files = ReadonlyMap<string, string>;

export interface BundleOptions {
  /** Modules of the sources, without extension. */
  readonly commands: readonly string[];
  readonly library: readonly string[];
  readonly separateFiles: boolean;
  /** Where to write. */
  readonly directory: string;
  /** What it imports from another package. */
  readonly base?: { readonly name: string; readonly files: Files } | undefined;
}

/** Writes JavaScript for modules and everything of the sources that they import, and returns its files. */
export async function bundle(options: BundleOptions): Promise<Files> {
  const { commands, library, separateFiles, directory, base } = options;
  const asked = [...commands, ...library];
  // Only an entry keeps the exports that its own package does not use.
  const entries = separateFiles ? await importedBy(asked) : asked;
  const build = await start(entries, base === undefined ? [] : [importedFrom(base)]);
  const { output } = await build.write({
    dir: directory,
    format: "cjs",
    // A JSON file has a default export beside its fields.
    exports: "named",
    // As the sources do: some SDKs have a second copy of themselves for `import`.
    dynamicImportInCjs: false,
    ...(separateFiles ? { preserveModules: true, preserveModulesRoot: ROOT } : {}),
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    banner: ({ name }) => (commands.includes(name) ? "#!/usr/bin/env node" : ""),
  });
  await build.close();
  return new Map(
    chunksOf(output).map(({ facadeModuleId, fileName }) => [facadeModuleId, fileName] as const),
  );
}

/** Modules, and all that they import, also by exports that only another package uses. */
async function importedBy(modules: readonly string[]): Promise<readonly string[]> {
  const build = await start(modules, []);
  const { output } = await build.generate({
    format: "cjs",
    exports: "named",
    preserveModules: true,
  });
  await build.close();
  const found = chunksOf(output).map(({ facadeModuleId }) =>
    relative(ROOT, facadeModuleId).replace(/\.ts$/, ""),
  );
  // As an entry, a module keeps all exports, which may import more.
  return found.length === modules.length ? found : await importedBy(found);
}

function start(entries: readonly string[], plugins: readonly Plugin[]): Promise<RolldownBuild> {
  return rolldown({
    cwd: ROOT,
    input: Object.fromEntries(
      entries.map((entry) => [entry, /\.\w+$/.test(entry) ? `./${entry}` : `./${entry}.ts`]),
    ),
    platform: "node",
    external: (id) => /^[^./]/.test(id) && !id.startsWith(PROTOCOLS),
    plugins: [protocols, onlyVersion, ...plugins],
  });
}

/** The chunks that stand for a module of the sources. */
function chunksOf(output: readonly { readonly type: string }[]) {
  return output.filter(
    (file): file is OutputChunk & { readonly facadeModuleId: string } =>
      file.type === "chunk" && (file as OutputChunk).facadeModuleId?.startsWith(ROOT) === true,
  );
}

/** Imports Pulumi's protocols from the copy in `pulumi-offline`, which does not depend on the whole SDK for them. */
const protocols: Plugin = {
  name: "protocols",
  resolveId: (source) =>
    source.startsWith(PROTOCOLS)
      ? { id: `pulumi-offline/internal/protocols/${basename(source)}.js`, external: true }
      : null,
};

/** The sources read their version from package.json, of which a package needs no more. */
const onlyVersion: Plugin = {
  name: "only-version",
  load: (id) =>
    id === join(ROOT, "package.json")
      ? { code: `export const version = "${manifestOf().version}";`, moduleType: "js" }
      : null,
};

/** Imports the modules that another package has from there. */
function importedFrom({ name, files }: NonNullable<BundleOptions["base"]>): Plugin {
  return {
    name: "imported-from-base",
    async resolveId(source, importer, { isEntry }) {
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      const file = resolved === null ? undefined : files.get(resolved.id);
      if (file === undefined || isEntry) return null;
      return { id: `${name}/internal/${file}`, external: true };
    },
  };
}
