import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const group = new resources.ResourceGroup("shop");

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "shop",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
});

const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});

const provider = new k8s.Provider("shop", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first.value, "base64").toString(),
  ),
});
const opts = { provider };

const shop = new k8s.core.v1.Namespace(
  "shop",
  { metadata: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } } },
  opts,
);
// Pulumi generates the name, so it is unknown until the namespace exists.
const tools = new k8s.core.v1.Namespace(
  "tools",
  { metadata: { labels: { "aks-istio/mesh": "outside" } } },
  opts,
);

const security = (name: string, kind: string, namespace: string, spec: object) =>
  new k8s.apiextensions.CustomResource(
    name,
    { apiVersion: "security.istio.io/v1", kind, metadata: { name: "default", namespace }, spec },
    opts,
  );
security("strict", "PeerAuthentication", "aks-istio-system", { mtls: { mode: "STRICT" } });
security("default-deny", "AuthorizationPolicy", "shop", {});

const restricted = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

interface Changes {
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: object;
  readonly container?: object;
  readonly namespace?: k8s.core.v1.Namespace;
  readonly replicas?: number;
}

/** A compliant workload, with changes. */
function workload(app: string, changes: Changes) {
  const namespace = (changes.namespace ?? shop).metadata.name;
  const selector = { matchLabels: { app } };
  new k8s.apps.v1.Deployment(
    app,
    {
      metadata: { name: app, namespace },
      spec: {
        replicas: changes.replicas ?? 2,
        selector,
        template: {
          metadata: { labels: { app, ...changes.labels } },
          spec: {
            serviceAccountName: app,
            securityContext: restricted,
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: selector,
              },
            ],
            ...changes.pod,
            containers: [
              {
                name: app,
                image: `ghcr.io/shop/${app}@sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5`,
                readinessProbe: { httpGet: { path: "/readyz", port: 8080 } },
                livenessProbe: { httpGet: { path: "/healthz", port: 8080 } },
                resources: {
                  requests: { cpu: "50m", memory: "64Mi" },
                  limits: { memory: "128Mi" },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                ...changes.container,
              },
            ],
          },
        },
      },
    },
    opts,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    app,
    { metadata: { namespace }, spec: { maxUnavailable: 1, selector } },
    opts,
  );
}

workload("opted-out", { labels: { "sidecar.istio.io/inject": "false" } });
workload("asking", { namespace: tools, labels: { "sidecar.istio.io/inject": "true" } });
workload("node-network", { pod: { hostNetwork: true } });
workload("proxy-user", { pod: { securityContext: { ...restricted, runAsUser: 1337 } } });
workload("windows", { pod: { nodeSelector: { "kubernetes.io/os": "windows" } } });
workload("alone", { replicas: 1 });
workload("greedy", { container: { resources: {} } });
workload("nameless", { pod: { serviceAccountName: "default" } });

new k8s.core.v1.Service(
  "frontend",
  {
    metadata: { name: "frontend", namespace: shop.metadata.name },
    spec: { selector: { app: "alone" }, ports: [{ name: "web", port: 80, targetPort: 8080 }] },
  },
  opts,
);
