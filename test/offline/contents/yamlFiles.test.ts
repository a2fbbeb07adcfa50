import { describe, expect, test } from "vitest";
import { configFileContents, configGroupContents } from "../../../offline/contents/yamlFiles.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import { scratch } from "../../support/programs.ts";

const config = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const text = (name: string) => `${JSON.stringify(config(name))}\n`;
const directory = scratch({ packages: false })("program", {
  "a.yaml": `${text("a")}---\n# Empty.\n---\n${text("a2")}`,
  "b.yaml": text("b"),
  "broken.yml": "a: [1\nb: 2\n",
});
const context = { directory, namespace: "default" };
const fileOf = (inputs: Parameters<typeof configFileContents>[0]) =>
  configFileContents(inputs, context);
const groupOf = (inputs: Parameters<typeof configGroupContents>[0]) =>
  configGroupContents(inputs, context);

describe("a ConfigFile", () => {
  test("contains the objects of its file", () => {
    expect(fileOf({ file: "a.yaml" })).toEqual({ objects: [config("a"), config("a2")] });
    expect(fileOf({ file: `${directory}/b.yaml` })).toEqual({ objects: [config("b")] });
  });

  test("does not expand patterns", () => {
    expect(() => fileOf({ file: "*.yaml" })).toThrow(/ENOENT: .*\/\*\.yaml/);
  });

  test("is not known if its input is not", () => {
    expect(fileOf({ file: UNKNOWN })).toEqual({ reason: "file is known only after deployment." });
    expect(fileOf({ file: UNKNOWN, resourcePrefix: UNKNOWN })).toEqual({
      reason: "file and resourcePrefix are known only after deployment.",
    });
  });

  test("at a URL is not fetched", () => {
    for (const file of ["https://a.test/crds.yaml", "https://me:pw@a.test/crds.yaml"]) {
      expect(fileOf({ file })).toEqual({
        reason: "A preview does not fetch https://a.test/crds.yaml.",
        fix: "Store it in the program's directory, and read it from there.",
      });
    }
  });

  test("that is not YAML is an error with its line", () => {
    expect(() => fileOf({ file: "broken.yml" })).toThrow(/^broken\.yml: line 2: /);
  });
});

describe("a ConfigGroup", () => {
  test("contains the objects of its files, of its text and of the program", () => {
    expect(
      groupOf({ files: ["*.yaml"], yaml: `${text("c")}---\n${text("d")}`, objs: [config("e")] }),
    ).toEqual({ objects: ["a", "a2", "b", "c", "d", "e"].map(config) });
    expect(groupOf({})).toEqual({ objects: [] });
    expect(groupOf({ files: ["*.json"] })).toEqual({ objects: [] });
  });

  test("may have objects with unknown fields, but not with an unknown identity", () => {
    const object = { ...config("a"), data: { key: UNKNOWN } };
    expect(groupOf({ objs: [object] })).toEqual({ objects: [object] });
    const reason =
      "objs includes an object whose kind, name or namespace is known only after deployment.";
    for (const unknown of [
      UNKNOWN,
      config(UNKNOWN),
      { ...config("a"), kind: UNKNOWN },
      { ...config("a"), metadata: UNKNOWN },
      { ...config("a"), metadata: { name: "a", namespace: UNKNOWN } },
      { apiVersion: "v1", kind: "List", items: UNKNOWN },
      { apiVersion: "v1", kind: "List", items: [config(UNKNOWN)] },
    ]) {
      expect(groupOf({ objs: [unknown] })).toEqual({ reason });
    }
    expect(groupOf({ objs: UNKNOWN })).toEqual({
      reason: "objs is known only after deployment.",
    });
  });

  test("is not known if its files or its text are not", () => {
    expect(groupOf({ files: ["a.yaml", UNKNOWN], yaml: UNKNOWN })).toEqual({
      reason: "files and yaml are known only after deployment.",
    });
    expect(groupOf({ files: ["a.yaml", "http://a.test/b.yaml"] })).toEqual({
      reason: "A preview does not fetch http://a.test/b.yaml.",
      fix: "Store it in the program's directory, and read it from there.",
    });
  });

  test("with a missing file or invalid text is an error", () => {
    expect(() => groupOf({ files: ["missing.yaml"] })).toThrow(/ENOENT: .*missing\.yaml/);
    expect(() => groupOf({ yaml: "- a\n" })).toThrow(
      "yaml: the document at line 1 is not an object",
    );
  });
});

test("a device is not read, because it may never end", () => {
  expect(() =>
    configFileContents({ file: "/dev/zero" }, { directory: "/", namespace: "team" }),
  ).toThrow("/dev/zero is not a regular file");
});
