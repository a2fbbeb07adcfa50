import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGES, manifestOf } from "../../scripts/packages/packages.ts";

const ROOT = join(__dirname, "../..");
const NAMES = PACKAGES.map(({ name }) => name);
const project = manifestOf();

test("the build knows every folder of packages/", () => {
  expect(readdirSync(join(ROOT, "packages")).sort()).toEqual([...NAMES].sort());
});

test("every package has the version of the project, and needs that of the others", () => {
  const policy = JSON.parse(readFileSync(join(ROOT, "policy/package.json"), "utf8")) as {
    readonly version: string;
  };
  expect(policy.version).toBe(project.version);
  for (const name of NAMES) {
    const { version, dependencies = {} } = manifestOf(name);
    expect([name, version]).toEqual([name, project.version]);
    for (const other of NAMES.filter((each) => each in dependencies)) {
      expect([name, other, dependencies[other]]).toEqual([name, other, project.version]);
    }
  }
});

test("a package needs the versions that the project is tested with; only SDKs that a user also has may be newer", () => {
  const wrong = NAMES.flatMap((name) => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
    const tested = (dependency: string) => project.dependencies?.[dependency] ?? "";
    return [
      ...Object.entries(dependencies)
        .filter(([dependency]) => !NAMES.includes(dependency) && dependency !== "@pulumi/pulumi")
        .filter(([dependency, range]) => range !== tested(dependency)),
      ...Object.entries(peerDependencies).filter(
        ([dependency, range]) => range !== `^${tested(dependency)}`,
      ),
    ].map((entry) => [name, ...entry]);
  });
  expect(wrong).toEqual([]);
});

test("aks-istio-components offers every component", () => {
  const components = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" })
    .filter((file) => /^[A-Z].*\.ts$/.test(basename(file)))
    .map((file) => [
      `./${basename(file, ".ts")}`,
      `./dist/components/${file.replace(/\.ts$/, "")}`,
    ]);
  const offered = Object.entries(manifestOf("aks-istio-components").exports ?? {})
    .filter(([path]) => path !== "./package.json")
    .map(([path, target]) => [
      path,
      typeof target === "string" ? target : target.default.replace(/\.js$/, ""),
    ]);
  expect(offered.sort()).toEqual(components.sort());
});

test("TypeScript finds the same types with moduleResolution node, which does not read exports", () => {
  for (const name of NAMES) {
    const { exports = {}, types, typesVersions } = manifestOf(name);
    const typed = Object.entries(exports).flatMap(([path, target]) =>
      typeof target === "string" ? [] : [[path, target.types] as const],
    );
    const older = [
      ...(types === undefined ? [] : [[".", types]]),
      ...Object.entries(typesVersions?.["*"] ?? {}).map(([path, files]) => [`./${path}`, ...files]),
    ];
    expect([name, ...older]).toEqual([name, ...typed]);
  }
});
