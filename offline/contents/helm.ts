import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import { renderChart } from "../../manifests/tools/helm.ts";
import type { LocalChart } from "../../manifests/tools/helm.ts";
import { inNamespace } from "../../manifests/scopes.ts";
import { isRendered } from "../../manifests/tools/rendered.ts";
import type { NotRendered } from "../../manifests/tools/rendered.ts";
import { withoutCredentials } from "../../manifests/tools/withoutCredentials.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import type { Properties } from "../plan/values.ts";
import { valuesOf } from "./chartValues.ts";
import { textOf, unknownInputs } from "./contents.ts";
import type { Contents, ReadingContext } from "./contents.ts";

const RENDERING_INPUTS = [
  ...["chart", "name", "namespace", "repositoryOpts", "resourcePrefix", "skipCrds"],
  ...["valueYamlFiles", "values"],
];

/**
 * The objects of a `helm.v4.Chart`, without those of its hooks, which Pulumi does not create.
 *
 * @param name the component's
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/helm/v4/chart.go
 */
export async function chartContents(
  inputs: Properties,
  context: ReadingContext,
  name: string,
): Promise<Contents> {
  if (inputs["postRenderer"] !== undefined) return POST_RENDERER;
  return render(inputs, context, name, "none");
}

/**
 * The objects of a `helm.v3.Release`. Helm creates those of its hooks too. If the release has no name, Pulumi appends
 * random characters to that of the resource; here it has none.
 *
 * @param name the resource's
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/helm_release.go
 */
export async function releaseContents(
  inputs: Properties,
  context: ReadingContext,
  name: string,
): Promise<Contents> {
  if (textOf(inputs["postrender"]) !== undefined) return POST_RENDERER;
  return render(
    inputs,
    context,
    name,
    inputs["disableWebhooks"] === true ? "none" : "all but tests",
  );
}

const POST_RENDERER: NotRendered = {
  reason: "Its post-renderer changes the objects, and a preview does not run it.",
};

async function render(
  inputs: Properties,
  context: ReadingContext,
  name: string,
  hooks: LocalChart["hooks"],
): Promise<Contents> {
  const unknown = unknownInputs(inputs, ...RENDERING_INPUTS);
  if (unknown !== undefined) return unknown;
  const { chart, repositoryOpts } = inputs;
  const repository = isJsonObject(repositoryOpts) ? textOf(repositoryOpts["repo"]) : undefined;
  const path = resolve(context.directory, textOf(chart)?.trim() ?? "");
  if (repository !== undefined || textOf(chart) === undefined || !existsSync(path)) {
    return notLocal(textOf(chart) ?? "", repository);
  }
  const values = valuesOf(inputs, context.directory);
  if (values === undefined) return { reason: "A preview does not fetch values from a URL." };
  return objectsOf({
    path,
    release: textOf(inputs["name"]) ?? name,
    namespace: textOf(inputs["namespace"]) ?? context.namespace,
    values,
    customResourceDefinitions: inputs["skipCrds"] !== true,
    hooks,
  });
}

/**
 * The objects of a `helm.v3.Chart`, from the options that its SDK passes as JSON.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/invoke_helm_template.go
 */
export async function oldChartContents(
  inputs: Properties,
  { directory }: ReadingContext,
): Promise<Contents> {
  const unknown = unknownInputs(inputs, "jsonOpts");
  if (unknown !== undefined) return unknown;
  const options = JSON.parse(textOf(inputs["jsonOpts"]) ?? "{}") as JsonObject;
  const [chart, path] = [textOf(options["chart"]) ?? "", textOf(options["path"])];
  if (path === undefined) return notLocal(chart, undefined);
  const { values, api_versions: apiVersions } = options;
  const kubernetes = textOf(options["kube_version"]);
  const namespace = textOf(options["namespace"]);
  const contents = await objectsOf({
    // A chart in a directory is given by the directory alone, or by its name in it.
    path: resolve(directory, path, chart.split("/").at(-1) ?? ""),
    release: textOf(options["release_name"]) ?? "",
    namespace: namespace ?? "default",
    values: isJsonObject(values) ? values : {},
    customResourceDefinitions: options["skip_crd_rendering"] !== true,
    hooks: options["include_test_hook_resources"] === true ? "all" : "all but tests",
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(Array.isArray(apiVersions)
      ? { apiVersions: (apiVersions as readonly Json[]).flatMap((one) => textOf(one) ?? []) }
      : {}),
  });
  if (namespace === undefined || !("objects" in contents)) return contents;
  return { objects: inNamespace(contents.objects, namespace) };
}

async function objectsOf(chart: LocalChart): Promise<Contents> {
  const rendered = await renderChart(chart);
  return isRendered(rendered) ? { objects: documentsOf(rendered.text) } : rendered;
}

function notLocal(chart: string, repository: string | undefined): NotRendered {
  const where = repository === undefined ? "" : ` of ${repository}`;
  return {
    reason: withoutCredentials(`A preview does not fetch the chart ${chart}${where}.`),
    fix: "Download it with `helm pull --untar`, and use its path.",
  };
}
