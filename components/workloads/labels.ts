/** The labels that select the pods of a workload. They cannot change once its Deployment exists. */
export interface Selector {
  readonly "app.kubernetes.io/name": string;
  readonly "app.kubernetes.io/part-of": string;
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function selectorOf(service: string, application: string): Selector {
  return { "app.kubernetes.io/name": service, "app.kubernetes.io/part-of": application };
}

/** Istio shows the version as the workload's canonical revision, in metrics and traces. */
export function labelsOf(selector: Selector, version: string): Readonly<Record<string, string>> {
  return { ...selector, "app.kubernetes.io/version": version };
}
