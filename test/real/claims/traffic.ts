import type { Resource } from "../harness/cluster.ts";
import { namespace } from "./claim.ts";
import type { Claim } from "./claim.ts";

/** The images of the claims. The node of the tests replaces them with its own, whose digests differ. */
const DIGEST = `sha256:${"0".repeat(64)}`;
const PODINFO = `ghcr.io/stefanprodan/podinfo:6.11.1@${DIGEST}`;
const CLIENT = `localhost/client:1@${DIGEST}`;

interface Shape {
  readonly image?: string;
  readonly replicas?: number;
  readonly account?: string | undefined;
}

/** A Deployment that passes all rules, except for options that a claim sets. */
function deployment(
  namespace: string,
  name: string,
  { image = PODINFO, replicas = 2, account }: Shape = {},
): Resource {
  const matchLabels = { app: name };
  const probe = { httpGet: { path: "/readyz", port: 9898 }, periodSeconds: 1 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels },
      template: {
        metadata: { labels: matchLabels },
        spec: {
          ...(account !== undefined && { serviceAccountName: account }),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: image === CLIENT ? "client" : "podinfo",
              image,
              resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
              ...(image === PODINFO && { readinessProbe: probe, livenessProbe: probe }),
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels },
            },
          ],
        },
      },
    },
  };
}

function account(namespace: string, name: string): Resource {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function budget(namespace: string, name: string): Resource {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } },
  };
}

/** A Service for the Deployment with the same name. */
function service(namespace: string, name: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 9898 }] },
  };
}

function strict(namespace: string): Resource {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace },
    spec: { mtls: { mode: "STRICT" } },
  };
}

/** A mesh-wide object in the namespace that Istio's documentation uses. */
export const rootNamespaceClaim: Claim = {
  name: "strict-in-istio-system",
  policy: "istio-addon-names",
  aboutMesh: true,
  broken: [strict("istio-system")],
  mended: [strict("aks-istio-system")],
};

const TLS = "tls-secret-elsewhere";
export const TLS_HOST = "tls.example.com";

/** The data is a placeholder for the policy pack. The tests replace it with a certificate. */
function secret(namespace: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: TLS, namespace },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": "certificate", "tls.key": "key" },
  };
}

const gatewayObjects: readonly Resource[] = [
  namespace(TLS),
  {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: TLS, namespace: TLS },
    spec: {
      selector: { istio: "aks-istio-ingressgateway-internal" },
      servers: [
        {
          port: { number: 443, name: "https", protocol: "HTTPS" },
          hosts: [TLS_HOST],
          tls: { mode: "SIMPLE", credentialName: TLS },
        },
      ],
    },
  },
  {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: TLS, namespace: TLS },
    spec: {
      hosts: [TLS_HOST],
      gateways: [TLS],
      http: [{ directResponse: { status: 200 } }],
    },
  },
];

export const gatewaySecretClaim: Claim = {
  name: TLS,
  policy: "gateway-tls-complete",
  broken: [...gatewayObjects, secret(TLS)],
  mended: [...gatewayObjects, secret("aks-istio-ingress")],
};

const ALONE = "only-one-replica";

export const availabilityClaim: Claim = {
  name: ALONE,
  policy: "workload-availability",
  broken: [
    namespace(ALONE),
    account(ALONE, "server"),
    service(ALONE, "server"),
    deployment(ALONE, "server", { account: "server", replicas: 1 }),
  ],
  mended: [
    namespace(ALONE),
    account(ALONE, "server"),
    service(ALONE, "server"),
    deployment(ALONE, "server", { account: "server" }),
    budget(ALONE, "server"),
  ],
};

const SHARED = "identity-of-the-neighbor";

/** A server that allows one of two clients, by an account that both share or by a dedicated one. */
function identities(allowed?: string, neighbor?: string): readonly Resource[] {
  const principal = `cluster.local/ns/${SHARED}/sa/${allowed ?? "default"}`;
  return [
    namespace(SHARED),
    ...["server", allowed, neighbor].flatMap((name) =>
      name === undefined ? [] : [account(SHARED, name)],
    ),
    service(SHARED, "server"),
    deployment(SHARED, "server", { account: "server" }),
    {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "server", namespace: SHARED },
      spec: {
        selector: { matchLabels: { app: "server" } },
        rules: [{ from: [{ source: { principals: [principal] } }] }],
      },
    },
    deployment(SHARED, "allowed", { image: CLIENT, account: allowed }),
    deployment(SHARED, "neighbor", { image: CLIENT, account: neighbor }),
  ];
}

export const identityClaim: Claim = {
  name: SHARED,
  policy: "workload-restricted-security",
  broken: identities(),
  mended: identities("allowed", "neighbor"),
};

/** Claims about a harm that only traffic reveals. */
export const trafficClaims: readonly Claim[] = [
  rootNamespaceClaim,
  gatewaySecretClaim,
  availabilityClaim,
  identityClaim,
];
