import { entryAt } from "../entry.ts";
import { renderedBy } from "./rendered.ts";
import type { NotRendered, Rendered } from "./rendered.ts";
import { runTool } from "./runTool.ts";

export interface KustomizeOptions {
  /** Whether it may load files from outside its directory. Default: false. */
  readonly anyFile?: boolean;
  /** Whether it may render Helm charts that are stored beside it. Default: false. */
  readonly charts?: boolean;
}

const MISSING: NotRendered = {
  reason: "`kustomize build` renders it, and neither `kustomize` nor `kubectl` is on PATH.",
  fix: "Install one of them.",
};

/**
 * The objects of a Kustomize directory, as `kustomize build` prints them. Uses `kubectl kustomize` if there is no
 * `kustomize` on PATH.
 *
 * @param directory absolute
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/cmd/build/
 */
export async function buildKustomization(
  directory: string,
  { anyFile = false, charts = false }: KustomizeOptions = {},
): Promise<Rendered> {
  if (entryAt(directory)?.isDirectory() !== true) {
    return { reason: `${directory} is not a directory.` };
  }
  const args = [
    ...(anyFile ? ["--load-restrictor", "LoadRestrictionsNone"] : []),
    ...(charts ? ["--enable-helm"] : []),
    directory,
  ];
  const own = await runTool("kustomize", ["build", ...args]);
  if (!("missing" in own)) return renderedBy(own, "kustomize build", MISSING);
  return renderedBy(await runTool("kubectl", ["kustomize", ...args]), "kubectl kustomize", MISSING);
}
