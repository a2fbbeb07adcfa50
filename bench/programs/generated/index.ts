import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const REVISION = "asm-1-30";

const group = new resources.ResourceGroup("bench");
const cluster = new containerservice.ManagedCluster("bench", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  serviceMeshProfile: { mode: "Istio", istio: { revisions: [REVISION] } },
});
const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});
const provider = new k8s.Provider("bench", {
  kubeconfig: credentials.apply(({ kubeconfigs }) => kubeconfigs[0]?.value ?? ""),
});
const namespace = new k8s.core.v1.Namespace(
  "bench",
  { metadata: { name: "bench", labels: { "istio.io/rev": REVISION } } },
  { provider },
);
new k8s.apiextensions.CustomResource(
  "mtls",
  {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: "aks-istio-system" },
    spec: { mtls: { mode: "STRICT" } },
  },
  { provider },
);

/** Four objects of an application, of realistic size. */
function application(i: number): void {
  const name = `app-${i}`;
  const labels = { "app.kubernetes.io/name": name };
  const metadata = { name, namespace: namespace.metadata.name, labels };
  new k8s.core.v1.ServiceAccount(name, { metadata }, { provider });
  new k8s.core.v1.ConfigMap(name, { metadata, data: { LOG_LEVEL: "info" } }, { provider });
  new k8s.core.v1.Service(
    name,
    {
      metadata,
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    { provider },
  );
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                name: "app",
                image: "registry.example/app:1.2.3",
                envFrom: [{ configMapRef: { name } }],
                ports: [{ name: "http", containerPort: 8080 }],
                readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
                livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
                resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
    { provider },
  );
}

const OBJECTS_PER_APPLICATION = 4;
const applications = new pulumi.Config().requireNumber("resources") / OBJECTS_PER_APPLICATION;
for (let i = 0; i < applications; i++) application(i);
