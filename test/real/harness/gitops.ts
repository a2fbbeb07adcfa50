import { stepsOf, substituted } from "../../support/gitopsTree.ts";
import type { Resource } from "./cluster.ts";

/** All objects of `gitops/` for the dev cluster with their variables, before the overlays' patches. */
export function treeObjects(): Resource[] {
  return stepsOf("dev").flatMap(substituted);
}

/** Those that Kubernetes and Istio read. */
export function gitopsObjects(): Resource[] {
  return treeObjects().filter(
    ({ apiVersion }) => !/\.(fluxcd|cert-manager)\.io\//.test(`.${apiVersion}`),
  );
}

/** Whether an object is Istio configuration. */
export function isIstio({ apiVersion }: Resource): boolean {
  return /^[a-z]+\.istio\.io\//.test(apiVersion);
}
