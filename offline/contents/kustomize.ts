import { resolve } from "node:path";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import { buildKustomization } from "../../manifests/tools/kustomize.ts";
import { isRendered } from "../../manifests/tools/rendered.ts";
import type { Properties } from "../plan/values.ts";
import { notFetched, textOf, unknownInputs } from "./contents.ts";
import type { Contents, ReadingContext } from "./contents.ts";

/**
 * The objects of a `kustomize.v2.Directory`.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/kustomize/v2/directory.go
 */
export function directoryContents(inputs: Properties, context: ReadingContext): Promise<Contents> {
  return build(inputs, context, { anyFile: true, charts: true });
}

/**
 * The objects of a `kustomize.Directory`. Unlike the second version, it may read only files in its directory, and renders
 * charts only on request.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/invoke_kustomize.go
 */
export function oldDirectoryContents(
  inputs: Properties,
  context: ReadingContext,
): Promise<Contents> {
  const charts = /^(1|true)$/i.test(process.env["PULUMI_K8S_KUSTOMIZE_HELM"] ?? "");
  return build(inputs, context, { charts });
}

async function build(
  inputs: Properties,
  { directory }: ReadingContext,
  options: Parameters<typeof buildKustomization>[1],
): Promise<Contents> {
  const unknown = unknownInputs(inputs, "directory", "namespace", "resourcePrefix");
  if (unknown !== undefined) return unknown;
  const path = textOf(inputs["directory"]) ?? "";
  const elsewhere = notFetched([path]);
  if (elsewhere !== undefined) return elsewhere;
  const built = await buildKustomization(resolve(directory, path), options);
  return isRendered(built) ? { objects: documentsOf(built.text) } : built;
}
