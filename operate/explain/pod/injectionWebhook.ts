import { unmetRequirement } from "../../../mesh/labelSelector.ts";
import type { LabelSelector } from "../../../mesh/labelSelector.ts";
import { REVISION_LABEL } from "../../../mesh/names.ts";
import { labelOf, listAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";

/** The label of the webhooks of a revision tag. */
const TAG_LABEL = "istio.io/tag";

/** A webhook that injects sidecars, as the API server sees it. */
export interface InjectionWebhook {
  readonly name: string;
  /** `MutatingWebhookConfiguration istio-revision-tag-prod webhooks[0]`. */
  readonly place: string;
  /** The revision whose istiod it calls; undefined if nothing says which. */
  readonly revision: string | undefined;
  /** The revision tag that it serves, if any. */
  readonly tag: string | undefined;
  /** The Service that it calls; undefined for a webhook that calls a URL. */
  readonly service: { readonly name: string; readonly namespace: string } | undefined;
  /** Whether the API server rejects a pod if the webhook does not answer. */
  readonly isRequired: boolean;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
  /** Expressions in CEL, which are not evaluated here. */
  readonly matchConditions: readonly string[];
}

/**
 * The webhooks of Istio that the API server may call when a pod is created, in its order: by the names of their
 * configurations.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function injectionWebhooks(
  configurations: readonly ClusterObject[],
): readonly InjectionWebhook[] {
  return [...configurations]
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((configuration) =>
      listAt(configuration, "webhooks").flatMap((webhook, index) =>
        isInjector(webhook) && isAboutNewPods(webhook)
          ? [webhookOf(configuration, webhook, index)]
          : [],
      ),
    );
}

function webhookOf(
  configuration: ClusterObject,
  webhook: unknown,
  index: number,
): InjectionWebhook {
  const labels = configuration.metadata.labels ?? {};
  const [name, namespace] = ["name", "namespace"].map((field) =>
    textAt(webhook, "clientConfig", "service", field),
  );
  const service = name === undefined || namespace === undefined ? undefined : { name, namespace };
  return {
    name: textAt(webhook, "name") ?? "",
    place: `${labelOf(configuration)} webhooks[${index}]`,
    revision: labels[REVISION_LABEL] ?? /^istiod-(.+)$/.exec(service?.name ?? "")?.[1],
    tag: labels[TAG_LABEL],
    service,
    // The default is Fail.
    isRequired: textAt(webhook, "failurePolicy") !== "Ignore",
    namespaceSelector: selectorAt(webhook, "namespaceSelector"),
    objectSelector: selectorAt(webhook, "objectSelector"),
    matchConditions: listAt(webhook, "matchConditions").map(
      (condition) => textAt(condition, "expression") ?? "",
    ),
  };
}

/** An absent selector selects everything. */
function selectorAt(webhook: unknown, field: string): LabelSelector {
  return valueAt(webhook, field) ?? {};
}

/**
 * Whether a webhook belongs to Istio: by its name in Istio's charts, or by the path that it calls.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 */
function isInjector(webhook: unknown): boolean {
  return (
    textAt(webhook, "name")?.endsWith("sidecar-injector.istio.io") === true ||
    textAt(webhook, "clientConfig", "service", "path")?.startsWith("/inject") === true
  );
}

function isAboutNewPods(webhook: unknown): boolean {
  return listAt(webhook, "rules").some((rule) => {
    const has = (field: string, ...values: readonly string[]) =>
      listAt(rule, field).some((one) => values.includes(String(one)));
    return (
      has("operations", "CREATE", "*") &&
      has("apiGroups", "", "*") &&
      has("apiVersions", "v1", "*") &&
      has("resources", "pods", "*", "*/*") &&
      textAt(rule, "scope") !== "Cluster"
    );
  });
}

/** Why a webhook does not select a pod, as text; undefined if its selectors do. */
export function whyNotSelected(
  { namespaceSelector, objectSelector }: InjectionWebhook,
  namespaceLabels: Readonly<Record<string, string>>,
  podLabels: Readonly<Record<string, string>>,
): string | undefined {
  const ofNamespace = unmetRequirement(namespaceSelector, namespaceLabels);
  if (ofNamespace !== undefined) {
    return `it requires ${ofNamespace} of the namespace, ${found(ofNamespace, namespaceLabels)}`;
  }
  const ofPod = unmetRequirement(objectSelector, podLabels);
  if (ofPod === undefined) return undefined;
  return `it requires ${ofPod} of the pod, ${found(ofPod, podLabels)}`;
}

function found(requirement: string, labels: Readonly<Record<string, string>>): string {
  const key = requirement.slice(0, requirement.indexOf(" "));
  const value = labels[key];
  return value === undefined ? "which has no such label" : `which has ${key}=${value}`;
}
