import { stepsOf } from "../../support/gitopsTree.ts";
import type { Resource } from "./cluster.ts";

/** The objects of `gitops/` for the dev cluster with their variables, before the overlays' patches. */
export function gitopsObjects(): Resource[] {
  const steps = stepsOf("dev").sort((a, b) => a.spec.dependsOn.length - b.spec.dependsOn.length);
  return steps.flatMap(({ objects, spec }) => {
    const variables = Object.entries(spec.postBuild.substitute);
    const text = variables.reduce(
      (filled, [name, value]) => filled.replaceAll(`\${${name}}`, value),
      JSON.stringify(objects),
    );
    return JSON.parse(text) as Resource[];
  });
}

/** Whether an object is Istio configuration. */
export function isIstio({ apiVersion }: Resource): boolean {
  return /^[a-z]+\.istio\.io\//.test(apiVersion);
}
