import { AKS } from "./aks.ts";
import { istioctl } from "./istioctl.ts";
import { real } from "./real.ts";

export interface Finding {
  /** @see https://istio.io/latest/docs/reference/config/analysis/ */
  readonly code: string;
  /** Such as `VirtualService podinfo/podinfo`. */
  readonly origin: string;
}

/**
 * The findings of `istioctl analyze` in some namespaces. It reads the cluster, because half of its analyzers do not run
 * on files alone. Other namespaces may still be terminating after other tests.
 */
export async function analyze(revision: string, namespaces: readonly string[]): Promise<Finding[]> {
  const args = ["analyze", "--all-namespaces", `--revision=${revision}`, "--output=json"];
  args.push(`--istioNamespace=${AKS.controlPlaneNamespace}`);
  const { stdout, stderr } = await istioctl(real.programs.istioctl, args, real.kubeconfig);
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as Finding[])
    .map(({ code, origin }) => ({ code, origin }))
    .filter(({ origin }) => namespaces.includes(origin.split(/[ /]/)[1] ?? ""))
    .sort((a, b) => (a.code + a.origin < b.code + b.origin ? -1 : 1));
}
