import { entryAt } from "../entry.ts";
import { renderedBy } from "./rendered.ts";
import type { NotRendered, Rendered } from "./rendered.ts";
import { runTool } from "./runTool.ts";
import type { JsonObject } from "../../yaml/json.ts";

/** A chart that is stored on this machine, and what to render it with. */
export interface LocalChart {
  /** Absolute path of its directory or its archive. */
  readonly path: string;
  readonly release: string;
  readonly namespace: string;
  /** Override those of the chart. */
  readonly values: JsonObject;
  /** Whether to include the files in `crds/`. */
  readonly customResourceDefinitions: boolean;
  /** Which hooks to include. */
  readonly hooks: "none" | "all but tests" | "all";
  /** The version of Kubernetes that templates see. Default: that which Helm was built for. */
  readonly kubernetes?: string;
  /** API versions that templates see besides those of Kubernetes. */
  readonly apiVersions?: readonly string[];
}

const HOOKS = { none: ["--no-hooks"], "all but tests": ["--skip-tests"], all: [] } as const;

const MISSING: NotRendered = {
  reason: "`helm template` renders it, and `helm` is not on PATH.",
  fix: "Install `helm`.",
};

/**
 * The objects of a chart, as `helm template` prints them. Values go to its standard input, since they may be secret.
 *
 * @see https://helm.sh/docs/helm/helm_template/
 */
export async function renderChart(chart: LocalChart): Promise<Rendered> {
  const { path, release, namespace, values, kubernetes, apiVersions = [] } = chart;
  if (entryAt(path) === undefined) {
    return { reason: `The chart ${path} does not exist.` };
  }
  const args = [
    ...["template", "--namespace", namespace, "--values", "-"],
    ...HOOKS[chart.hooks],
    ...(chart.customResourceDefinitions ? ["--include-crds"] : []),
    ...(kubernetes === undefined ? [] : ["--kube-version", kubernetes]),
    ...apiVersions.flatMap((version) => ["--api-versions", version]),
    // A manifest names the release, and must not pass options: a post-renderer would be run.
    ...["--", release, path],
  ];
  return renderedBy(
    await runTool("helm", args, { input: JSON.stringify(values) }),
    "helm template",
    MISSING,
  );
}
