import { join } from "node:path";
import { expect, test } from "vitest";
import { buildKustomization } from "../../../manifests/tools/kustomize.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch } from "../../support/programs.ts";

const onPath = toolsOnPath();
const write = scratch({ packages: false });
const directory = write("base", { "kustomization.yaml": "resources: []\n" });
const echo = "print(JSON.stringify(args));";

test("kustomize builds a directory", async () => {
  onPath({ kustomize: echo, kubectl: "fail('wrong tool');" });
  expect(await buildKustomization(directory)).toEqual({
    text: JSON.stringify(["build", directory]),
  });
  expect(await buildKustomization(directory, { anyFile: true, charts: true })).toEqual({
    text: JSON.stringify([
      "build",
      "--load-restrictor",
      "LoadRestrictionsNone",
      "--enable-helm",
      directory,
    ]),
  });
});

test("kubectl does if there is no kustomize", async () => {
  onPath({ kubectl: echo });
  expect(await buildKustomization(directory)).toEqual({
    text: JSON.stringify(["kustomize", directory]),
  });
});

test("without either, the reason names both", async () => {
  onPath({});
  expect(await buildKustomization(directory)).toEqual({
    reason: "`kustomize build` renders it, and neither `kustomize` nor `kubectl` is on PATH.",
    fix: "Install one of them.",
  });
});

test("an error is that of the tool", async () => {
  onPath({ kustomize: "fail('Error: accumulating resources: no such file\\n');" });
  expect(await buildKustomization(directory)).toEqual({
    reason: "`kustomize build` failed: accumulating resources: no such file",
  });
  onPath({ kubectl: "fail('error: unknown field \"a\"\\n');" });
  expect(await buildKustomization(directory)).toEqual({
    reason: '`kubectl kustomize` failed: unknown field "a"',
  });
});

test.each([
  [
    `Error: Get "https://a.test/b": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused`,
    "https://a.test/b",
  ],
  [
    `Error: failed to run '/usr/bin/git fetch https://a.test/b HEAD': fatal: transport 'https' not allowed`,
    "https://a.test/b",
  ],
  ["Error: fatal: transport 'ssh' not allowed", "fatal: transport 'ssh' not allowed"],
])("files from another machine are not fetched: %s", async (error, address) => {
  onPath({ kustomize: `fail(${JSON.stringify(error)});` });
  expect(await buildKustomization(directory)).toEqual({
    reason: `It includes ${address}, and \`kustomize build\` runs without a network.`,
    fix: "Store the files beside it.",
  });
});

test("only a directory can be built", async () => {
  onPath({ kustomize: echo });
  for (const name of ["kustomization.yaml", "missing"]) {
    const path = join(directory, name);
    expect(await buildKustomization(path)).toEqual({ reason: `${path} is not a directory.` });
  }
});
