import { join } from "node:path";
import { expect, test } from "vitest";
import { renderChart } from "../../../manifests/tools/helm.ts";
import type { LocalChart } from "../../../manifests/tools/helm.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch } from "../../support/programs.ts";

const onPath = toolsOnPath();
const path = scratch({ packages: false })("chart", { "Chart.yaml": "name: web\n" });
const chart: LocalChart = {
  path,
  release: "web",
  namespace: "shop",
  values: { password: "hunter2", replicas: null },
  customResourceDefinitions: false,
  hooks: "all",
};
const common = ["template", "--namespace", "shop", "--values", "-"];
const named = ["--", "web", path];

test("helm renders a chart, with the values on its standard input", async () => {
  onPath({ helm: "print(JSON.stringify([args, input()]));" });
  expect(await renderChart(chart)).toEqual({
    text: JSON.stringify([[...common, ...named], '{"password":"hunter2","replicas":null}']),
  });
});

test.each<[Partial<LocalChart>, readonly string[]]>([
  [{ hooks: "none" }, ["--no-hooks"]],
  [{ hooks: "all but tests" }, ["--skip-tests"]],
  [{ customResourceDefinitions: true }, ["--include-crds"]],
  [{ kubernetes: "1.35" }, ["--kube-version", "1.35"]],
  [{ apiVersions: ["a/v1", "b/v1"] }, ["--api-versions", "a/v1", "--api-versions", "b/v1"]],
])("with %j, it gets %j", async (more, args) => {
  onPath({ helm: "print(JSON.stringify(args));" });
  expect(await renderChart({ ...chart, ...more })).toEqual({
    text: JSON.stringify([...common, ...args, ...named]),
  });
});

test("the name of a release is no option, which could name a program to run", async () => {
  onPath({ helm: "print(JSON.stringify(args));" });
  const release = "--post-renderer=/bin/sh";
  expect(await renderChart({ ...chart, release })).toEqual({
    text: JSON.stringify([...common, "--", release, path]),
  });
});

test("without helm, the reason says so", async () => {
  onPath({});
  expect(await renderChart(chart)).toEqual({
    reason: "`helm template` renders it, and `helm` is not on PATH.",
    fix: "Install `helm`.",
  });
});

test("an error is that of helm", async () => {
  onPath({ helm: "fail('Error: found in Chart.yaml, but missing in charts/: common\\n');" });
  expect(await renderChart(chart)).toEqual({
    reason: "`helm template` failed: found in Chart.yaml, but missing in charts/: common",
  });
});

test("a chart that does not exist is named", async () => {
  const missing = join(path, "missing");
  expect(await renderChart({ ...chart, path: missing })).toEqual({
    reason: `The chart ${missing} does not exist.`,
  });
});
