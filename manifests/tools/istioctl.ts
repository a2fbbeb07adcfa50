import { renderedBy } from "./rendered.ts";
import type { Rendered } from "./rendered.ts";
import { runTool } from "./runTool.ts";

/** The saved configuration of an injector, as paths of the files that istioctl reads. */
export interface InjectorFiles {
  /** Its templates. */
  readonly config: string;
  readonly values: string;
  readonly mesh: string;
}

export interface InjectOptions {
  readonly revision: string;
  /** Whether the sidecar is an init container that keeps running. istioctl cannot see the nodes, on which that depends. */
  readonly nativeSidecars: boolean;
  /** The release of Istio, such as `1.30`, for the message that istioctl is missing. */
  readonly release: string;
}

/**
 * Objects with the sidecar, as `istioctl kube-inject` prints them from files.
 *
 * @param objects in YAML or JSON
 * @see https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-kube-inject
 */
export async function kubeInject(
  objects: string,
  { config, values, mesh }: InjectorFiles,
  { revision, nativeSidecars, release }: InjectOptions,
): Promise<Rendered> {
  const args = [
    ...["kube-inject", "--filename", "-", "--revision", revision],
    ...["--injectConfigFile", config, "--valuesFile", values, "--meshConfigFile", mesh],
  ];
  return renderedBy(
    await runTool("istioctl", args, {
      input: objects,
      environment: { ENABLE_NATIVE_SIDECARS: String(nativeSidecars) },
    }),
    "istioctl kube-inject",
    {
      reason: "A saved configuration is rendered by `istioctl`, which is not on PATH.",
      fix: `Install istioctl ${release}: https://istio.io/latest/docs/ops/diagnostic-tools/istioctl`,
    },
  );
}

/** The version of the istioctl on PATH, such as `1.30.2`; undefined if there is none or it does not say. */
export async function istioctlVersion(): Promise<string | undefined> {
  const run = await runTool("istioctl", ["version", "--remote=false", "--short"]);
  if (!("text" in run)) return undefined;
  return /\b\d+\.\d+\.\d+\S*/.exec(run.text)?.[0];
}
