import * as containerservice from "@pulumi/azure-native/containerservice";
import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const REVISION = "asm-1-30";
const CONTROL_PLANE = "aks-istio-system";
const INGRESS = "aks-istio-ingress";

const group = new resources.ResourceGroup("shop");

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "shop",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: [REVISION],
      components: { ingressGateways: [{ mode: "Internal", enabled: true }] },
    },
  },
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

function istio(api: string, kind: string, name: string, namespace: string, spec: object) {
  return new k8s.apiextensions.CustomResource(
    name,
    { apiVersion: `${api}.istio.io/v1`, kind, metadata: { name, namespace }, spec },
    opts,
  );
}

/** Parts without a mistake. */
const SECURE = {
  port: { number: 443, name: "https", protocol: "HTTPS" },
  tls: { mode: "SIMPLE", credentialName: "shop-tls" },
};

// authz-default-deny: nothing in the namespace denies by default.
new k8s.core.v1.Namespace(
  "shop",
  { metadata: { name: "shop", labels: { "istio.io/rev": REVISION } } },
  opts,
);

// gateway-addon-selector: the selector in Istio's guides.
istio("networking", "Gateway", "from-a-guide", "shop", {
  selector: { istio: "ingressgateway" },
  servers: [{ ...SECURE, hosts: ["shop.example.com"] }],
});

// gateway-tls-and-hosts: all hosts.
istio("networking", "Gateway", "open", INGRESS, {
  selector: { istio: "aks-istio-ingressgateway-internal" },
  servers: [{ ...SECURE, hosts: ["*"] }],
});

// istio-config-conflicts: two VirtualServices for one host.
for (const name of ["routes", "more-routes"]) {
  istio("networking", "VirtualService", name, "shop", {
    hosts: ["frontend"],
    http: [{ route: [{ destination: { host: "frontend" } }] }],
  });
}

// mtls-strict-no-conflict: accepts plain text.
istio("security", "PeerAuthentication", "migration", CONTROL_PLANE, {
  mtls: { mode: "PERMISSIVE" },
});

// meshconfig-per-revision: a revision that does not run.
new k8s.core.v1.ConfigMap(
  "unread",
  {
    metadata: { name: "istio-shared-configmap-default", namespace: CONTROL_PLANE },
    data: { mesh: "accessLogFile: /dev/stdout\n" },
  },
  opts,
);

// meshconfig-allowed-fields: a field that the add-on blocks.
new k8s.core.v1.ConfigMap(
  "blocked",
  {
    metadata: { name: `istio-shared-configmap-${REVISION}`, namespace: CONTROL_PLANE },
    data: { mesh: "configSources:\n  - address: xds.example.com\n" },
  },
  opts,
);

const onCluster = {
  resourceGroupName: group.name,
  clusterName: cluster.name,
  clusterRp: "Microsoft.ContainerService",
  clusterResourceName: "managedClusters",
};
const flux = new kubernetesconfiguration.Extension("flux", {
  ...onCluster,
  extensionName: "flux",
  extensionType: "microsoft.flux",
});
const followed = { ...onCluster, scope: "cluster", namespace: "flux-system" };

// flux-source-pinned-and-private: a password in the URL.
new kubernetesconfiguration.FluxConfiguration(
  "readable",
  {
    ...followed,
    gitRepository: {
      url: "https://flux:hunter2@git.shop.example/shop/deployments",
      repositoryRef: { tag: "v1.4.0" },
    },
    kustomizations: { apps: { path: "./apps", prune: true } },
  },
  { dependsOn: flux },
);

// flux-prune-wait-order: it may be applied before the controller that reconciles it, and deleted after.
new kubernetesconfiguration.FluxConfiguration("unordered", {
  ...followed,
  gitRepository: {
    url: "https://github.com/shop/deployments",
    repositoryRef: { tag: "v1.4.0" },
  },
  kustomizations: { apps: { path: "./apps", prune: true } },
});
