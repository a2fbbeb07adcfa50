import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import { rolledOut } from "../../real/harness/workload.ts";
import { IMAGES } from "./images.ts";

export const DNS_ADDRESS = "10.0.0.10";

/** Starts the cluster's DNS. Resolves once it is ready. */
export async function startDns(cluster: Cluster): Promise<void> {
  await cluster.applyAll(objects);
  await rolledOut(cluster, deployment);
}

const metadata = { name: "coredns", namespace: "kube-system" };
const labels = { app: "coredns", "k8s-app": "kube-dns" };

/** In this domain, every Service has a second name `NAME.NAMESPACE.svc`, for tests with hosts outside the cluster. */
export const OUTSIDE = "example.org";

/** Resolves only the cluster's own names: no other name server is reachable. */
const CORE_FILE = `.:53 {
  errors
  ready
  kubernetes cluster.local ${OUTSIDE} in-addr.arpa ip6.arpa {
    ttl 5
  }
  cache 5
}
`;

const deployment: Resource = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: "coredns",
        dnsPolicy: "Default",
        containers: [
          {
            name: "coredns",
            image: IMAGES.coreDns,
            args: ["-conf", "/etc/coredns/Corefile"],
            readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
            volumeMounts: [{ name: "config", mountPath: "/etc/coredns" }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "coredns" } }],
      },
    },
  },
};

const objects: readonly Resource[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "coredns" },
    rules: [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "coredns" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "coredns" },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: CORE_FILE } },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system", labels },
    spec: {
      clusterIP: DNS_ADDRESS,
      selector: labels,
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    },
  },
  deployment,
];
