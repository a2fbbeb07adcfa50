import type { Resource } from "../../real/harness/cluster.ts";

/** The pods of a gateway as AKS runs them, with the label that a Gateway selects. */
export function gatewayPods(
  metadata: { readonly name: string; readonly namespace: string },
  deployment: string,
  revision: Readonly<Record<string, string>>,
): readonly Resource[] {
  const labels = { istio: metadata.name, ...revision };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef,
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, name: deployment, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            annotations: { "inject.istio.io/templates": "gateway" },
            labels: { ...labels, "sidecar.istio.io/inject": "true" },
          },
          spec: {
            serviceAccountName: metadata.name,
            containers: [
              {
                name: "istio-proxy",
                image: "auto",
                // By default, an image without a tag is always pulled, but no registry is reachable.
                imagePullPolicy: "IfNotPresent",
                ports: [{ containerPort: 80 }, { containerPort: 443 }],
              },
            ],
          },
        },
      },
    },
  ];
}
