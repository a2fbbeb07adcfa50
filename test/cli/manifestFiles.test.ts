import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeManifests } from "../../cli/manifestFiles.ts";
import { scratch, usageErrorOf } from "../support/programs.ts";

const write = scratch({ packages: false });
let made = 0;
const fresh = () => join(write(`out-${++made}`, {}), "deep/manifests");
const manifest = (path: string) => ({
  path,
  object: { kind: "ConfigMap", data: { key: "value" } },
});
const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

test("objects are written with a kustomization that lists them in order", () => {
  const directory = fresh();
  writeManifests(directory, [manifest("blue/2-b.yaml"), manifest("1-a.yaml")]);
  expect(readFileSync(join(directory, "blue/2-b.yaml"), "utf8")).toBe(
    "kind: ConfigMap\ndata:\n  key: value\n",
  );
  expect(readFileSync(join(directory, "kustomization.yaml"), "utf8")).toBe(
    `# Written by \`aks-istio render\`; a later run replaces these files.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - blue/2-b.yaml
  - 1-a.yaml
`,
  );
});

test("long lines are not folded", () => {
  const directory = fresh();
  const line = "word ".repeat(60).trim();
  writeManifests(directory, [{ path: "1-a.yaml", object: { line } }]);
  expect(readFileSync(join(directory, "1-a.yaml"), "utf8")).toBe(`line: ${line}\n`);
});

test("no objects are an empty kustomization", () => {
  const directory = fresh();
  writeManifests(directory, []);
  expect(filesIn(directory)).toEqual(["kustomization.yaml"]);
});

describe("a second run", () => {
  test("removes what the first wrote, and spares what it did not write", () => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml"), manifest("blue/2-b.yaml")]);
    writeFileSync(join(directory, "README.md"), "mine");
    writeFileSync(join(directory, "blue/mine.yaml"), "mine: true\n");
    writeManifests(directory, [manifest("1-c.yaml")]);
    expect(filesIn(directory)).toEqual([
      "1-c.yaml",
      "README.md",
      "kustomization.yaml",
      "mine.yaml",
    ]);
  });

  test("spares what somebody added to the list, above all outside of the directory", () => {
    const directory = fresh();
    const outside = join(directory, "../../1-outside.yaml");
    writeManifests(directory, [manifest("1-a.yaml")]);
    writeFileSync(outside, "mine: true\n");
    writeFileSync(join(directory, "extra.yaml"), "mine: true\n");
    const index = join(directory, "kustomization.yaml");
    writeFileSync(
      index,
      `${readFileSync(index, "utf8")}  - ../../1-outside.yaml\n  - ..\n  - extra.yaml\n  - ../1-b.yaml\n`,
    );
    writeManifests(directory, []);
    expect(existsSync(outside)).toBe(true);
    expect(filesIn(directory)).toEqual(["extra.yaml", "kustomization.yaml"]);
  });
});

describe("a directory is refused, and left as it is,", () => {
  test.each([
    ["with files of somebody else's", { "notes.txt": "mine" }],
    [
      "with somebody else's kustomization",
      { "kustomization.yaml": "resources:\n  - 1-a.yaml\n", "1-a.yaml": "mine: true\n" },
    ],
  ])("%s", async (_, files) => {
    const directory = write(`foreign-${++made}`, files);
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, []);
      }),
    ).toBe(
      `${directory} is not empty and was not written by \`aks-istio render\`. Name another directory with --out.`,
    );
    expect(filesIn(directory)).toEqual(Object.keys(files).sort());
  });

  test.each([
    [
      "resources: text\n",
      "kustomization.yaml: resources: Invalid input: expected array, received string",
    ],
    ["resources: [\n", "kustomization.yaml:3:1: "],
  ])("whose list was broken: %j", async (broken, message) => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml")]);
    const index = join(directory, "kustomization.yaml");
    const [header = ""] = readFileSync(index, "utf8").split("\n");
    writeFileSync(index, `${header}\n${broken}`);
    const said = await usageErrorOf(() => {
      writeManifests(directory, []);
    });
    expect(said.startsWith(join(directory, message))).toBe(true);
    expect(filesIn(directory)).toEqual(["1-a.yaml", "kustomization.yaml"]);
  });

  test("that is a file", async () => {
    const directory = write("file", { out: "mine" });
    expect(
      await usageErrorOf(() => {
        writeManifests(join(directory, "out"), []);
      }),
    ).toBe(
      `${directory}/out cannot be written: ENOTDIR: not a directory, scandir '${directory}/out'`,
    );
  });
});
