import { parseAllDocuments } from "yaml";
import type { Resource } from "./cluster.ts";
import { istioctl } from "./istioctl.ts";

/**
 * How traffic is redirected to sidecars: by Istio CNI on the nodes, as in a mesh that was installed with asm-1-30 or
 * later, or by an init container in every pod.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
export type Redirection = "cni" | "init-container";

export interface ChartOptions {
  readonly name: string;
  readonly redirection: Redirection;
  readonly namespace: string;
  /** More values, in the format of `istioctl --set`. */
  readonly values?: readonly string[];
}

/** A cache: an upgrade starts the same revision many times. */
const generated = new Map<string, readonly Resource[]>();

/** The objects of a revision, from the charts in istioctl. */
export async function revisionObjects(
  program: string,
  { name, redirection, namespace, values: more = [] }: ChartOptions,
): Promise<readonly Resource[]> {
  const values = [
    "profile=minimal",
    `revision=${name}`,
    `values.global.istioNamespace=${namespace}`,
    // Images are not pulled. The tag shows which revision's template a sidecar comes from.
    `values.global.tag=${name}`,
    `components.cni.enabled=${String(redirection === "cni")}`,
    ...more,
  ];
  const args = ["manifest", "generate", ...values.flatMap((value) => ["--set", value])];
  const key = values.join();
  const known = generated.get(key);
  if (known !== undefined) return known;
  const { code, stdout, stderr } = await istioctl(program, args);
  if (code !== 0) throw new Error(`istioctl manifest generate failed: ${stderr}`);
  const objects = parseAllDocuments(stdout)
    .map((document) => document.toJS() as Resource | null)
    .filter((object) => object !== null);
  generated.set(key, objects);
  return objects;
}
