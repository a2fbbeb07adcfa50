import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const OLD = "asm-1-29";
const NEW = "asm-1-30";
const INGRESS = "aks-istio-ingress";
const CONTROL_PLANE = "aks-istio-system";

/** The teams, and the parts of the application of each. */
const TEAMS = [
  ...["accounts", "billing", "catalog", "checkout", "delivery", "inventory"],
  ...["marketing", "orders", "payments", "returns", "search", "support"],
];
const CANARY = ["catalog", "search"];
const OUTSIDE = ["marketing"];
const PARTS = [
  ...["web", "api", "worker", "cache", "events", "export"],
  ...["gateway", "import", "ledger", "mailer", "reports"],
];

const group = new resources.ResourceGroup("teams");
const cluster = new containerservice.ManagedCluster("teams", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "teams",
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: [OLD, NEW],
      components: { ingressGateways: [{ mode: "External", enabled: true }] },
    },
  },
});
const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});
const provider = new k8s.Provider("teams", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first.value, "base64").toString(),
  ),
});
const opts = { provider };

function istio(api: string, kind: string, name: string, namespace: string, spec: object) {
  return new k8s.apiextensions.CustomResource(
    `${namespace}-${name}-${kind.toLowerCase()}`,
    { apiVersion: `${api}.istio.io/v1`, kind, metadata: { name, namespace }, spec },
    opts,
  );
}

for (const revision of [OLD, NEW]) {
  const name = `istio-shared-configmap-${revision}`;
  const data = { mesh: "accessLogFile: /dev/stdout\n" };
  new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: CONTROL_PLANE }, data }, opts);
}
istio("security", "PeerAuthentication", "default", CONTROL_PLANE, { mtls: { mode: "STRICT" } });

/** A part of a team's application, and who may call it. */
function application(team: string, part: string, callers: readonly string[]) {
  const name = `${team}-${part}`;
  const labels = { app: part };
  const metadata = { name: part, namespace: team, labels };
  new k8s.core.v1.ServiceAccount(name, { metadata }, opts);
  new k8s.core.v1.Service(
    name,
    { metadata, spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] } },
    opts,
  );
  const container = { name: "app", image: "registry.example/app:1.2.3" };
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: part, containers: [container] },
        },
      },
    },
    opts,
  );
  if (callers.length === 0) return;
  istio("security", "AuthorizationPolicy", part, team, {
    selector: { matchLabels: labels },
    rules: [{ from: [{ source: { principals: callers } }] }],
  });
}

const account = (team: string, part: string) => `cluster.local/ns/${team}/sa/${part}`;

TEAMS.forEach((team, i) => {
  const isInside = !OUTSIDE.includes(team);
  const mesh = isInside
    ? { "istio.io/rev": CANARY.includes(team) ? NEW : OLD }
    : { "aks-istio/mesh": "outside" };
  new k8s.core.v1.Namespace(team, { metadata: { name: team, labels: mesh } }, opts);
  if (isInside) istio("security", "AuthorizationPolicy", "default-deny", team, {});
  const neighbour = TEAMS[(i + 3) % TEAMS.length] ?? team;
  PARTS.forEach((part, j) => {
    const before = PARTS[j - 1];
    const callers = [
      ...(before === undefined ? [] : [account(team, j < 4 ? before : "api")]),
      ...(part === "api" ? [account(neighbour, "worker")] : []),
    ];
    application(team, part, isInside ? callers : []);
  });
  if (i % 2 === 1 || !isInside) return;
  const host = `${team}.example.com`;
  istio("networking", "Gateway", team, INGRESS, {
    selector: { istio: "aks-istio-ingressgateway-external" },
    servers: [
      {
        hosts: [`${team}/${host}`],
        port: { name: `https-${team}`, number: 443, protocol: "HTTPS" },
        tls: { mode: "SIMPLE", credentialName: team },
      },
    ],
  });
  istio("networking", "VirtualService", team, team, {
    hosts: [host],
    gateways: [`${INGRESS}/${team}`],
    http: [{ route: [{ destination: { host: "web", port: { number: 80 } } }] }],
  });
  istio("security", "AuthorizationPolicy", "ingress", team, {
    selector: { matchLabels: { app: "web" } },
    rules: [{ from: [{ source: { namespaces: [INGRESS] } }] }],
  });
});
