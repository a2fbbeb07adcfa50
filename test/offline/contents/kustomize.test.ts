import { afterEach, expect, test } from "vitest";
import { directoryContents, oldDirectoryContents } from "../../../offline/contents/kustomize.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch } from "../../support/programs.ts";

const onPath = toolsOnPath();
const directory = scratch({ packages: false })("program", {
  "base/kustomization.yaml": "resources: []\n",
});
const context = { directory, namespace: "default" };
const KUSTOMIZE = 'print(JSON.stringify({ apiVersion: "v1", kind: "Args", args }) + "\\n---\\n");';
const built = (...options: readonly string[]) => ({
  objects: [{ apiVersion: "v1", kind: "Args", args: ["build", ...options, `${directory}/base`] }],
});

afterEach(() => {
  delete process.env["PULUMI_K8S_KUSTOMIZE_HELM"];
});

test("the second version reads any file and renders charts", async () => {
  onPath({ kustomize: KUSTOMIZE });
  expect(await directoryContents({ directory: "./base" }, context)).toEqual(
    built("--load-restrictor", "LoadRestrictionsNone", "--enable-helm"),
  );
});

test("the first version reads its directory, and renders charts on request", async () => {
  onPath({ kustomize: KUSTOMIZE });
  expect(await oldDirectoryContents({ directory: "base" }, context)).toEqual(built());
  process.env["PULUMI_K8S_KUSTOMIZE_HELM"] = "true";
  expect(await oldDirectoryContents({ directory: "base" }, context)).toEqual(
    built("--enable-helm"),
  );
});

test("a directory that is elsewhere or known later is not built", async () => {
  onPath({ kustomize: KUSTOMIZE });
  expect(await directoryContents({ directory: UNKNOWN }, context)).toEqual({
    reason: "directory is known only after deployment.",
  });
  expect(await directoryContents({ directory: "https://a.test/base" }, context)).toEqual({
    reason: "A preview does not fetch https://a.test/base.",
    fix: "Store it in the program's directory, and read it from there.",
  });
  expect(await directoryContents({ directory: "missing" }, context)).toEqual({
    reason: `${directory}/missing is not a directory.`,
  });
});
