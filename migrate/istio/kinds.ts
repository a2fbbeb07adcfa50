import type { Manifest } from "../../manifests/manifest.ts";

/** The group of an object; empty for the core group. */
export function groupOf({ apiVersion }: Pick<Manifest, "apiVersion">): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** The place of the pod template in an object that creates pods; undefined if it creates none. */
export function templatePath({ kind }: Pick<Manifest, "kind">): readonly string[] | undefined {
  switch (kind) {
    case "Pod":
      return [];
    case "CronJob":
      return ["spec", "jobTemplate", "spec", "template"];
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
      return ["spec", "template"];
    default:
      return undefined;
  }
}
