import { describe, expect, test } from "vitest";
import {
  chartContents,
  oldChartContents,
  releaseContents,
} from "../../../offline/contents/helm.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch } from "../../support/programs.ts";

const onPath = toolsOnPath();
const directory = scratch({ packages: false })("program", {
  "charts/web/Chart.yaml": "name: web\n",
  "web.tgz": "",
});
const context = { directory, namespace: "team" };
/** Prints the arguments and the values as an object. */
const ECHO =
  'print(JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, args, input: input() }));';
const called = (
  options: readonly string[],
  release: string,
  namespace: string,
  path = `${directory}/charts/web`,
) => ["template", "--namespace", namespace, "--values", "-", ...options, "--", release, path];
const echoed = (args: readonly string[], values: Properties = {}, metadata: Properties = {}) => ({
  objects: [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", ...metadata },
      args,
      input: JSON.stringify(values),
    },
  ],
});

describe("a chart of the fourth version", () => {
  const contents = (inputs: Properties) => chartContents(inputs, context, "shop");

  test("is rendered without hooks", async () => {
    onPath({ helm: ECHO });
    expect(await contents({ chart: "./charts/web", values: { a: 1 } })).toEqual(
      echoed(called(["--no-hooks", "--include-crds"], "shop", "team"), { a: 1 }),
    );
    expect(await contents({ chart: "web.tgz", name: "r", namespace: "n", skipCrds: true })).toEqual(
      echoed(called(["--no-hooks"], "r", "n", `${directory}/web.tgz`)),
    );
  });

  test.each<[Properties, string]>([
    [{ chart: "web" }, "A preview does not fetch the chart web."],
    [
      { chart: "oci://a.test/charts/web" },
      "A preview does not fetch the chart oci://a.test/charts/web.",
    ],
    [
      { chart: "charts/web", repositoryOpts: { repo: "https://a.test" } },
      "A preview does not fetch the chart charts/web of https://a.test.",
    ],
    [
      { chart: "web", repositoryOpts: { repo: "https://me:pw@a.test" } },
      "A preview does not fetch the chart web of https://a.test.",
    ],
  ])("is not fetched: %j", async (inputs, reason) => {
    onPath({ helm: ECHO });
    expect(await contents(inputs)).toEqual({
      reason,
      fix: "Download it with `helm pull --untar`, and use its path.",
    });
  });

  test.each<[Properties, string]>([
    [{ values: { a: [UNKNOWN] } }, "values is known only after deployment."],
    [
      { values: { a: UNKNOWN }, namespace: UNKNOWN },
      "namespace and values are known only after deployment.",
    ],
    [
      { postRenderer: { command: "sed" } },
      "Its post-renderer changes the objects, and a preview does not run it.",
    ],
  ])("is not known with %j", async (inputs, reason) => {
    onPath({ helm: ECHO });
    expect(await contents({ chart: "charts/web", ...inputs })).toEqual({ reason });
  });

  test("is not known without helm", async () => {
    onPath({});
    expect(await contents({ chart: "charts/web" })).toEqual({
      reason: "`helm template` renders it, and `helm` is not on PATH.",
      fix: "Install `helm`.",
    });
  });
});

describe("a release", () => {
  const contents = (inputs: Properties) => releaseContents(inputs, context, "shop");

  test("has the objects of its hooks, but not of tests", async () => {
    onPath({ helm: ECHO });
    expect(await contents({ chart: "charts/web" })).toEqual(
      echoed(called(["--skip-tests", "--include-crds"], "shop", "team")),
    );
    expect(await contents({ chart: "charts/web", disableWebhooks: true })).toEqual(
      echoed(called(["--no-hooks", "--include-crds"], "shop", "team")),
    );
  });

  test("is not known with a post-renderer", async () => {
    expect(await contents({ chart: "charts/web", postrender: "sed" })).toEqual({
      reason: "Its post-renderer changes the objects, and a preview does not run it.",
    });
  });
});

describe("a chart of the third version", () => {
  const contents = (options: Properties) =>
    oldChartContents({ jsonOpts: JSON.stringify(options) }, context);

  test("is rendered from a path, with the options of its SDK", async () => {
    onPath({ helm: ECHO });
    expect(await contents({ path: "charts/web", release_name: "r" })).toEqual(
      echoed(called(["--skip-tests", "--include-crds"], "r", "default")),
    );
    expect(
      await contents({
        path: "charts",
        chart: "company/web",
        release_name: "r",
        namespace: "n",
        values: { a: 1 },
        skip_crd_rendering: true,
        include_test_hook_resources: true,
        kube_version: "1.35",
        api_versions: ["a/v1"],
      }),
    ).toEqual(
      echoed(
        called(["--kube-version", "1.35", "--api-versions", "a/v1"], "r", "n"),
        { a: 1 },
        { namespace: "n" },
      ),
    );
  });

  test("is not fetched", async () => {
    expect(await contents({ chart: "web" })).toMatchObject({
      reason: "A preview does not fetch the chart web.",
    });
  });

  test("is not known if its options are not", async () => {
    expect(await oldChartContents({ jsonOpts: UNKNOWN }, context)).toEqual({
      reason: "jsonOpts is known only after deployment.",
    });
  });
});
