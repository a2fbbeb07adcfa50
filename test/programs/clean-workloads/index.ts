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

// Pulumi generates the name, so it is unknown until the namespace exists.
const shop = new k8s.core.v1.Namespace(
  "shop",
  { metadata: { labels: { "istio.io/rev": "asm-1-30" } } },
  opts,
);
const namespace = shop.metadata.name;

new k8s.apiextensions.CustomResource(
  "mesh-mtls",
  {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: "aks-istio-system" },
    spec: { mtls: { mode: "STRICT" } },
  },
  opts,
);
new k8s.apiextensions.CustomResource(
  "shop-default-deny",
  {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: "default-deny", namespace },
    spec: {},
  },
  opts,
);

function account(name: string) {
  return new k8s.core.v1.ServiceAccount(name, { metadata: { name, namespace } }, opts);
}

function podSpec(name: string) {
  return {
    serviceAccountName: account(name).metadata.name,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

function container(name: string, port: number) {
  return {
    name,
    image: `ghcr.io/shop/${name}:1.4.2@sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5`,
    ports: [{ name: "app", containerPort: port }],
    readinessProbe: { httpGet: { path: "/readyz", port: "app" } },
    livenessProbe: { httpGet: { path: "/healthz", port: "app" } },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function spread(app: string) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app } },
  }));
}

function budget(app: string) {
  return new k8s.policy.v1.PodDisruptionBudget(
    app,
    { metadata: { namespace }, spec: { maxUnavailable: 1, selector: { matchLabels: { app } } } },
    opts,
  );
}

const web = new k8s.apps.v1.Deployment(
  "web",
  {
    metadata: { namespace },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          ...podSpec("web"),
          containers: [container("web", 8080)],
          topologySpreadConstraints: spread("web"),
        },
      },
    },
  },
  opts,
);
new k8s.autoscaling.v2.HorizontalPodAutoscaler(
  "web",
  {
    metadata: { namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: web.metadata.name },
      minReplicas: 2,
      maxReplicas: 10,
    },
  },
  opts,
);
budget("web");
new k8s.core.v1.Service(
  "web",
  {
    metadata: { namespace },
    spec: {
      selector: { app: "web" },
      ports: [
        { name: "http", port: 80, targetPort: "app" },
        { name: "admin", appProtocol: "grpc", port: 9090, targetPort: "app" },
      ],
    },
  },
  opts,
);

new k8s.apps.v1.StatefulSet(
  "queue",
  {
    metadata: { namespace },
    spec: {
      replicas: 3,
      serviceName: "queue",
      selector: { matchLabels: { app: "queue" } },
      template: {
        metadata: { labels: { app: "queue" } },
        spec: {
          ...podSpec("queue"),
          containers: [container("queue", 5672)],
          topologySpreadConstraints: spread("queue"),
        },
      },
    },
  },
  opts,
);
budget("queue");

const { readinessProbe, livenessProbe, ...report } = container("report", 8080);
new k8s.batch.v1.CronJob(
  "report",
  {
    metadata: { namespace },
    spec: {
      schedule: "0 4 * * *",
      jobTemplate: {
        spec: {
          template: {
            metadata: { labels: { app: "report" } },
            spec: { ...podSpec("report"), restartPolicy: "Never", containers: [report] },
          },
        },
      },
    },
  },
  opts,
);

const agents = new k8s.core.v1.Namespace(
  "agents",
  { metadata: { name: "agents", labels: { "aks-istio/mesh": "outside" } } },
  opts,
);
new k8s.apps.v1.DaemonSet(
  "agent",
  {
    metadata: { namespace: agents.metadata.name },
    spec: {
      selector: { matchLabels: { app: "agent" } },
      template: {
        metadata: { labels: { app: "agent" } },
        spec: {
          hostNetwork: true,
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: "agent", image: "ghcr.io/shop/agent:2.0.1" }],
        },
      },
    },
  },
  opts,
);
