import type { InjectingRevisions } from "../../mesh/injection.ts";
import type { InjectionSubject } from "../../mesh/istiodInjection.ts";

/**
 * The injection webhooks as Istio's charts render them for revisions and tags, with the API server's and istiod's
 * matching rules, written independently of the code under test:
 * https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 */
interface Expression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

interface Webhook {
  readonly istiod: string;
  readonly namespaceSelector: readonly Expression[];
  readonly objectSelector: readonly Expression[];
}

const absent = (key: string): Expression => ({ key, operator: "DoesNotExist" });
const among = (key: string, ...values: string[]): Expression => ({ key, operator: "In", values });
const notOptedOut: Expression = {
  key: "sidecar.istio.io/inject",
  operator: "NotIn",
  values: ["false"],
};

function webhooksFor(name: string, istiod: string): Webhook[] {
  return [
    {
      istiod,
      namespaceSelector: [among("istio.io/rev", name), absent("istio-injection")],
      objectSelector: [notOptedOut],
    },
    {
      istiod,
      namespaceSelector: [absent("istio.io/rev"), absent("istio-injection")],
      objectSelector: [notOptedOut, among("istio.io/rev", name)],
    },
  ];
}

function webhooksForDefault(istiod: string): Webhook[] {
  return [
    {
      istiod,
      namespaceSelector: [among("istio-injection", "enabled")],
      objectSelector: [notOptedOut],
    },
    {
      istiod,
      namespaceSelector: [absent("istio-injection"), absent("istio.io/rev")],
      objectSelector: [among("sidecar.istio.io/inject", "true"), absent("istio.io/rev")],
    },
  ];
}

function matches(expressions: readonly Expression[], labels: Readonly<Record<string, string>>) {
  return expressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

function injectRequired({ namespace, pod }: InjectionSubject): boolean {
  if (pod.hostNetwork) return false;
  if (/^(kube-(system|public|node-lease)|local-path-storage)$/.test(namespace.name)) return false;
  const key = "sidecar.istio.io/inject";
  return (key in pod.labels ? pod.labels[key] : pod.annotations[key]) !== "false";
}

/** What the API server and istiod do with the pod. */
export function webhookVerdict(
  subject: InjectionSubject,
  { revisions, tags }: InjectingRevisions,
): { readonly outcome: string; readonly by?: string } {
  const webhooks = [
    ...revisions.flatMap((revision) => webhooksFor(revision, revision)),
    ...Object.entries(tags).flatMap(([tag, revision]) => [
      ...webhooksFor(tag, revision),
      ...(tag === "default" ? webhooksForDefault(revision) : []),
    ]),
  ];
  const called = webhooks.filter(
    ({ namespaceSelector, objectSelector }) =>
      matches(namespaceSelector, subject.namespace.labels) &&
      matches(objectSelector, subject.pod.labels),
  );
  const [first, ...others] = called;
  if (others.length > 0) throw new Error("Two webhooks were called for one pod.");
  if (first === undefined) return { outcome: "not-injected" };
  if (!revisions.includes(first.istiod)) return { outcome: "refused", by: first.istiod };
  return injectRequired(subject)
    ? { outcome: "injected", by: first.istiod }
    : { outcome: "not-injected" };
}
