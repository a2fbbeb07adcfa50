import {
  CONTROL_PLANE_NAMESPACE,
  REVISION_LABEL,
  SIDECAR_INJECT_LABEL,
} from "../../../mesh/names.ts";
import { LEGACY_INJECTION_LABEL } from "../../../mesh/names.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";

/**
 * The webhooks and Services that the add-on creates for its revisions, for a cluster that does not exist yet. The
 * selectors are those of Istio's chart.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 */
export function addonObjects(revisions: readonly string[]): readonly ClusterObject[] {
  return revisions.flatMap((revision) => [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `istiod-${revision}`, namespace: CONTROL_PLANE_NAMESPACE },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: {
        name: `istio-sidecar-injector-${revision}-${CONTROL_PLANE_NAMESPACE}`,
        labels: { [REVISION_LABEL]: revision },
      },
      webhooks: webhooksFor(revision, revision),
    },
  ]);
}

/**
 * The two webhooks of a revision or a revision tag: for namespaces with its label, and for pods with it.
 *
 * @param name the value of the label that they select
 * @param revision whose istiod they call
 */
export function webhooksFor(name: string, revision: string): readonly object[] {
  const absent = (key: string) => ({ key, operator: "DoesNotExist" });
  const named = { key: REVISION_LABEL, operator: "In", values: [name] };
  const notOptedOut = { key: SIDECAR_INJECT_LABEL, operator: "NotIn", values: ["false"] };
  const webhook = (prefix: string, namespace: readonly object[], pod: readonly object[]) => ({
    name: `${prefix}sidecar-injector.istio.io`,
    clientConfig: {
      service: {
        name: `istiod-${revision}`,
        namespace: CONTROL_PLANE_NAMESPACE,
        path: "/inject",
        port: 443,
      },
    },
    failurePolicy: "Fail",
    namespaceSelector: { matchExpressions: namespace },
    objectSelector: { matchExpressions: pod },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
  });
  return [
    webhook("rev.namespace.", [named, absent(LEGACY_INJECTION_LABEL)], [notOptedOut]),
    webhook(
      "rev.object.",
      [absent(REVISION_LABEL), absent(LEGACY_INJECTION_LABEL)],
      [notOptedOut, named],
    ),
  ];
}
