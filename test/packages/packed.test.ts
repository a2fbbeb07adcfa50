import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { PACKAGES, manifestOf } from "../../scripts/packages/packages.ts";
import { linksIn } from "../support/links.ts";
import { importsOf } from "./harness/imports.ts";
import { ROOT, textsIn } from "./harness/tarballs.ts";

const tarballs = inject("tarballs");
const textsOf = (name: string) => textsIn(tarballs[name]?.unpacked ?? "");

/** What Pulumi loads from the directory of a pack, besides what the pack imports. */
const LOADED_BY_PULUMI: Readonly<Record<string, readonly string[]>> = {
  "aks-istio-policies": ["@pulumi/pulumi"],
};

/** What a package contains besides `dist/`. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  "aks-istio": [
    "examples/pipelines/.gitlab-ci.yml",
    "examples/pipelines/azure-pipelines.yml",
    "profiles/README.md",
  ],
  "pulumi-offline": ["docs/assumptions.md", "docs/offline-preview.md"],
  "aks-istio-policies": [
    "PulumiPolicy.yaml",
    ...["README.md", "advisory.json", "recommended.json", "strict.json"].map(
      (file) => `profiles/${file}`,
    ),
  ],
};

describe.each(PACKAGES)("$name", ({ name }) => {
  const texts = textsOf(name);
  const code = [...texts].filter(([path]) => /\.(js|d\.ts)$/.test(path));
  const imports = code.map(([path, text]) => ({ path, ...importsOf(path, text) }));

  test("contains its code and documents, and no sources, tests or paths of this machine", () => {
    const others = [...texts.keys()].filter((path) => !path.startsWith("dist/"));
    const documents = name === "aks-istio" ? /^docs\/.+\.(md|svg|dot)$/ : /^$/;
    expect(others.filter((path) => !documents.test(path)).sort()).toEqual(
      ["LICENSE", "README.md", "package.json", ...(CONTENTS[name] ?? [])].sort(),
    );
    expect([...texts.keys()].filter((path) => /\.test\.|(?<!\.d)\.ts$|\.map$/.test(path))).toEqual(
      [],
    );
    const here = [`${ROOT}/`, `${homedir()}/`];
    const telling = [...texts].filter(([, text]) => here.some((path) => text.includes(path)));
    expect(telling.map(([path]) => path)).toEqual([]);
  });

  test("has documents whose links lead to what it has, or to addresses", () => {
    const has = (path: string) => [...texts.keys()].some((one) => `${one}/`.startsWith(`${path}/`));
    const dead = [...texts]
      .filter(([path]) => path.endsWith(".md"))
      .flatMap(([document, text]) =>
        linksIn(text)
          .filter(({ file }) => file !== "" && !has(join(dirname(document), file)))
          .map(({ file }) => `${document}: ${file}`),
      );
    expect(dead).toEqual([]);
  });

  test("depends on exactly what it imports", () => {
    const imported = new Set(imports.flatMap(({ packages }) => packages));
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
    const needed = [...imported, ...(LOADED_BY_PULUMI[name] ?? [])].filter((each) => each !== name);
    expect(needed.sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  test("has every file that it imports or offers", () => {
    const missing = imports.flatMap(({ path, files }) =>
      files
        .map((file) => (path.endsWith(".d.ts") ? file.replace(/\.js$/, ".d.ts") : file))
        .filter((file) => !texts.has(file) && !texts.has(`${file}.js`))
        .map((file) => `${path}: ${file}`),
    );
    expect(missing).toEqual([]);
    const { main, bin = {}, exports = {} } = manifestOf(name);
    const offered = [main, ...Object.values(bin), ...Object.values(exports)]
      .flatMap((target) => (typeof target === "object" ? Object.values(target) : (target ?? [])))
      .map((target) => target.replace(/^\.\//, ""))
      .filter((target) => !target.includes("*"));
    expect(offered.filter((target) => !texts.has(target))).toEqual([]);
    for (const command of Object.values(bin)) {
      expect(texts.get(command)).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });
});

test("the pack is one file: each one more would delay every start", () => {
  const paths = [...textsOf("aks-istio-policies").keys()];
  expect(paths.filter((path) => path.endsWith(".js"))).toEqual(["dist/policy/index.js"]);
});

test("aks-istio contains no second copy of what pulumi-offline has", () => {
  const modules = [...textsOf("aks-istio").values()].flatMap((text) =>
    [...text.matchAll(/^\/\/ ([\w/-]+)\.ts$/gm)].map(([, module = ""]) => `dist/${module}.js`),
  );
  expect(modules).toContain("dist/operate/verify/checks.js");
  const offline = textsOf("pulumi-offline");
  expect(modules.filter((file) => offline.has(file))).toEqual([]);
});
