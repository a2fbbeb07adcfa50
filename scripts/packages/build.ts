import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { bundle } from "./bundle.ts";
import type { Files } from "./bundle.ts";
import { declare } from "./declarations.ts";
import { homeOf, packedDocument } from "./documents.ts";
import { PACKAGES, ROOT, manifestOf, modulesOf } from "./packages.ts";
import type { PackageBuild } from "./packages.ts";

/** Builds every package in its folder of `packages/`, ready for `npm pack`. */
async function build(): Promise<void> {
  const built = new Map<string, Files>();
  for (const { name, separateFiles, base, copies } of PACKAGES) {
    const home = join(ROOT, "packages", name);
    const directory = join(home, "dist");
    rmSync(directory, { recursive: true, force: true });
    const modules = modulesOf(manifestOf(name));
    const files = await bundle({
      ...modules,
      separateFiles,
      directory,
      base: base === undefined ? undefined : { name: base, files: built.get(base) ?? new Map() },
    });
    built.set(name, files);
    if (separateFiles) declare(modules.library, directory);
    copy(name, { ...copies, LICENSE: "LICENSE" });
    process.stdout.write(`packages/${name}\n`);
  }
}

/** Copies files and folders of the sources into a package, by their path there. */
function copy(name: string, copies: PackageBuild["copies"]): void {
  const home = join(ROOT, "packages", name);
  const copied = Object.entries(copies).flatMap(([target, source]) => {
    rmSync(join(home, target), { recursive: true, force: true });
    return within(source).map((path) => [`${source}${path}`, `${target}${path}`] as const);
  });
  const { version, repository } = manifestOf(name);
  const links = {
    copies: new Map([...copied, [`packages/${name}/README.md`, "README.md"]]),
    home: homeOf(repository?.url, version),
  };
  for (const [source, target] of copied) {
    const from = join(ROOT, source);
    const to = join(home, target);
    if (statSync(from).isDirectory()) continue;
    mkdirSync(dirname(to), { recursive: true });
    if (source.endsWith(".md")) {
      const document = readFileSync(from, "utf8");
      writeFileSync(to, packedDocument(document, { source, target, ...links }));
    } else {
      cpSync(from, to);
    }
  }
}

/** What to append to the path of a file, or of a folder for everything in it, to get a path. */
function within(source: string): readonly string[] {
  const path = join(ROOT, source);
  if (!statSync(path).isDirectory()) return [""];
  const inside = readdirSync(path, { recursive: true, encoding: "utf8" });
  return ["", ...inside.map((name) => `/${name}`)];
}

build().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
