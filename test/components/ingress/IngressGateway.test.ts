import { describe, expect, test } from "vitest";
import { grantVaultReader } from "../../../components/ingress/certificateVault.ts";
import { IngressGateway } from "../../../components/ingress/IngressGateway.ts";
import type { IngressGatewayArgs } from "../../../components/ingress/IngressGateway.ts";
import type { IngressHosts } from "../../../components/ingress/ingressHosts.ts";
import { rules } from "../../../policy/rules.ts";
import { cluster, kubernetes, object } from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { run } from "../../support/policy.ts";
import { VAULT_ID, childrenOf, surroundings } from "../../support/gateways.ts";
import type { ClusterWithShop } from "../../support/gateways.ts";
import { unknownInputs } from "../../support/knownInputs.ts";
import { resolved, unsealed } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const SERVICE = "kubernetes:core/v1:ServicePatch";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscalerPatch";
const GATEWAY = "kubernetes:networking.istio.io/v1:Gateway";
const ROUTE = "kubernetes:networking.istio.io/v1:VirtualService";
const PROVIDER_CLASS = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SECRET = "kubernetes:core/v1:Secret";
const ADDRESS = "azure-native:network:PublicIPAddress";
const ROLE = "azure-native:authorization:RoleAssignment";
const GROUP = "azure-native:resources:ResourceGroup";

type Plain = { readonly kind: "External" | "Internal" } & Pick<
  Extract<IngressGatewayArgs, { readonly api: "istio" }>,
  "annotations" | "replicas" | "externalTrafficPolicy" | "revisions"
> & { readonly staticIP?: { readonly zones: readonly string[] } };

interface Made extends ClusterWithShop {
  readonly gateway: IngressGateway;
}

/** A gateway of the add-on, with hosts in the namespaces shop and api. */
async function made(
  args: Partial<Plain> = {},
  hosts: (at: ClusterWithShop) => IngressHosts = onShop,
): Promise<Made> {
  const at = await surroundings();
  const { cluster } = at;
  const vault = grantVaultReader("gateways", cluster, VAULT_ID);
  const { kind = "External", ...rest } = args;
  const gateway = new IngressGateway(
    kind.toLowerCase(),
    { cluster, kind, api: "istio", revisions: ["asm-1-30"], hosts: hosts(at), vault, ...rest },
    { provider: cluster.provider },
  );
  await at.engine.settle();
  return { ...at, gateway };
}

function onShop({ namespace }: ClusterWithShop): IngressHosts {
  return {
    "shop.example.com": {
      namespace: namespace("shop"),
      service: "frontend",
      port: 9898,
      certificate: { keyVaultObject: "Shop" },
    },
  };
}

const none = () => ({});

/** Hosts of two namespaces: two share a certificate, and one has its own. */
function several(at: ClusterWithShop): IngressHosts {
  const api = {
    namespace: at.namespace("api"),
    service: "api",
    port: 80,
    certificate: { keyVaultObject: "shop" },
  };
  return {
    ...onShop(at),
    "api.example.com": api,
    "pay.example.com": { ...api, certificate: { certificate: "CHAIN", key: "planted" } },
  };
}

describe("a gateway of the add-on", () => {
  test("creates its resources, all as its own children and with the cluster's provider", async () => {
    const { engine, cluster } = await made({ replicas: { minimum: 3, maximum: 9 } }, several);
    expect(childrenOf(engine, "IngressGateway")).toEqual([
      `${DEPLOYMENT}::external-certificates`,
      `${AUTOSCALER}::external-asm-1-30`,
      `${SECRET}::external-pay.example.com`,
      `${SERVICE}::external`,
      `${GATEWAY}::external`,
      `${ROUTE}::external-api.example.com`,
      `${ROUTE}::external-pay.example.com`,
      `${ROUTE}::external-shop.example.com`,
      `${PROVIDER_CLASS}::external`,
    ]);
    const urn = await resolved(cluster.provider.urn);
    const providers = engine.registered
      .filter(({ parent }) => parent.endsWith("IngressGateway::external"))
      .map(({ provider }) => provider.split("::").slice(0, -1).join("::"));
    expect(new Set(providers)).toEqual(new Set([urn]));
  });

  test("outputs what it serves", async () => {
    const { engine } = await made({}, several);
    expect(engine.one("aks-istio:index:IngressGateway", "external").inputs).toEqual({
      kind: "External",
      api: "istio",
      hosts: ["shop.example.com", "api.example.com", "pay.example.com"],
    });
  });

  test.each([
    ["External", "aks-istio-ingressgateway-external"],
    ["Internal", "aks-istio-ingressgateway-internal"],
  ] as const)("%s listens for its hosts, with TLS only", async (kind, selector) => {
    const { engine } = await made({ kind }, several);
    const name = kind.toLowerCase();
    expect(engine.one(GATEWAY, name).inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name, namespace: "aks-istio-ingress" },
      spec: {
        selector: { istio: selector },
        servers: [
          {
            port: { number: 80, name: "http", protocol: "HTTP" },
            hosts: ["shop/shop.example.com", "api/api.example.com", "api/pay.example.com"],
            tls: { httpsRedirect: true },
          },
          // One server for the hosts that share a certificate.
          {
            port: { number: 443, name: `https-${name}-shop`, protocol: "HTTPS" },
            hosts: ["shop/shop.example.com", "api/api.example.com"],
            tls: {
              mode: "SIMPLE",
              credentialName: `${name}-shop`,
              minProtocolVersion: "TLSV1_2",
            },
          },
          {
            port: { number: 443, name: `https-${name}-pay.example.com`, protocol: "HTTPS" },
            hosts: ["api/pay.example.com"],
            tls: {
              mode: "SIMPLE",
              credentialName: `${name}-pay.example.com`,
              minProtocolVersion: "TLSV1_2",
            },
          },
        ],
      },
    });
  });

  test("routes each host to its service, once the certificates exist", async () => {
    const { engine } = await made();
    const route = engine.one(ROUTE, "external-shop.example.com");
    expect(route.inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "external-shop.example.com", namespace: "shop" },
      spec: {
        hosts: ["shop.example.com"],
        gateways: ["aks-istio-ingress/external"],
        http: [
          {
            route: [
              {
                destination: { host: "frontend.shop.svc.cluster.local", port: { number: 9898 } },
              },
            ],
          },
        ],
      },
    });
    expect(route.dependencies).toContain(engine.one(DEPLOYMENT, "external-certificates").urn);
    expect(route.dependencies).toContain(engine.one(SERVICE, "external").urn);
  });

  test("without hosts creates no routes, but still outputs its address", async () => {
    const { engine, gateway } = await made({}, none);
    expect(childrenOf(engine, "IngressGateway")).toEqual([`${SERVICE}::external`]);
    expect(await resolved(gateway.address)).toBe("203.0.113.20");
  });

  test("leaves unset options to AKS", async () => {
    const { engine } = await made({}, none);
    const service = engine.one(SERVICE, "external");
    expect(service.inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "aks-istio-ingressgateway-external",
        namespace: "aks-istio-ingress",
        annotations: {},
      },
    });
    expect(service.retainOnDelete).toBe(true);
  });

  test("annotates its Service without taking fields from AKS", async () => {
    const annotations = { "service.beta.kubernetes.io/azure-shared-securityrule": "true" } as const;
    const { engine } = await made({ kind: "Internal", annotations }, none);
    expect(engine.one(SERVICE, "internal").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "aks-istio-ingressgateway-internal",
        namespace: "aks-istio-ingress",
        annotations,
      },
    });
  });

  test("takes over the traffic policy from AKS", async () => {
    const { engine } = await made({ externalTrafficPolicy: "Local" }, none);
    expect(engine.one(SERVICE, "external").inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/patchForce": "true" } },
      spec: { externalTrafficPolicy: "Local" },
    });
  });

  test("takes over the replicas of every running revision", async () => {
    const { engine } = await made(
      { revisions: ["asm-1-29", "asm-1-30"], replicas: { minimum: 3, maximum: 9 } },
      none,
    );
    for (const revision of ["asm-1-29", "asm-1-30"]) {
      const autoscaler = engine.one(AUTOSCALER, `external-${revision}`);
      expect(autoscaler.inputs).toEqual({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: {
          name: `aks-istio-ingressgateway-external-${revision}`,
          namespace: "aks-istio-ingress",
          annotations: { "pulumi.com/patchForce": "true" },
        },
        spec: { minReplicas: 3, maxReplicas: 9 },
      });
      expect(autoscaler.retainOnDelete).toBe(true);
    }
  });
});

describe("certificates", () => {
  test("come from Key Vault through a class and a pod that mounts it", async () => {
    const { engine } = await made({}, several);
    expect(engine.one(PROVIDER_CLASS, "external").inputs).toEqual({
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: "external", namespace: "aks-istio-ingress" },
      spec: {
        provider: "azure",
        secretObjects: [
          {
            secretName: "external-shop",
            type: "kubernetes.io/tls",
            data: [
              { objectName: "shop", key: "tls.key" },
              { objectName: "shop", key: "tls.crt" },
            ],
          },
        ],
        parameters: {
          useVMManagedIdentity: "true",
          userAssignedIdentityID: "add-on-client",
          keyvaultName: "kv-certificates",
          tenantId: "tenant",
          objects: "array:\n  - |\n    objectName: shop\n    objectType: secret\n",
        },
      },
    });
    const deployment = engine.one(DEPLOYMENT, "external-certificates");
    const labels = { "app.kubernetes.io/name": "external-certificates" };
    expect(deployment.inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "external-certificates", namespace: "aks-istio-ingress" },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: { ...labels, "sidecar.istio.io/inject": "false" },
            annotations: { "aks-istio/objects": "shop" },
          },
          spec: {
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65535,
              runAsGroup: 65535,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "pause",
                image: "mcr.microsoft.com/oss/v2/kubernetes/pause:3.10.2",
                resources: { requests: { cpu: "5m", memory: "8Mi" }, limits: { memory: "16Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [
                  { name: "certificates", mountPath: "/mnt/certificates", readOnly: true },
                ],
              },
            ],
            volumes: [
              {
                name: "certificates",
                csi: {
                  driver: "secrets-store.csi.k8s.io",
                  readOnly: true,
                  volumeAttributes: { secretProviderClass: "external" },
                },
              },
            ],
          },
        },
      },
    });
    expect(deployment.dependencies).toContain(engine.one(PROVIDER_CLASS, "external").urn);
    expect(deployment.dependencies).toContain(engine.one(ROLE, "gateways").urn);
  });

  test("that are given go into a secret, and never appear in clear text", async () => {
    const { engine } = await made({}, several);
    const { stringData, ...rest } = engine.one(SECRET, "external-pay.example.com").inputs;
    expect(rest).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "external-pay.example.com", namespace: "aks-istio-ingress" },
      type: "kubernetes.io/tls",
    });
    expect(unsealed(stringData)).toEqual({ "tls.crt": "CHAIN", "tls.key": "planted" });
    const others = engine.registered.filter(({ type }) => type !== SECRET);
    expect(JSON.stringify(others)).not.toContain("planted");
  });

  test("from Key Vault require a vault", async () => {
    const at = await surroundings();
    const { cluster } = at;
    const args = { cluster, kind: "External", api: "istio", revisions: [] } as const;
    expect(() => new IngressGateway("external", { ...args, hosts: several(at) })).toThrow(
      "external requires a vault for the Key Vault certificates shop. Set vault.",
    );
    await at.engine.settle();
  });

  test("without Key Vault need no class", async () => {
    const { engine } = await made({}, (at) => {
      const { "pay.example.com": host } = several(at);
      return host === undefined ? {} : { "pay.example.com": host };
    });
    expect(childrenOf(engine, "IngressGateway")).toEqual([
      `${SECRET}::external-pay.example.com`,
      `${SERVICE}::external`,
      `${GATEWAY}::external`,
      `${ROUTE}::external-pay.example.com`,
    ]);
  });
});

describe("a static address", () => {
  const fixed = (): Promise<Made> => made({ staticIP: { zones: ["1", "3"] } }, none);

  test("has its own resource group, which the cluster's identity can use", async () => {
    const { engine } = await fixed();
    expect(childrenOf(engine, "IngressGateway")).toEqual([
      `${ROLE}::external-address`,
      `${ADDRESS}::external`,
      `${GROUP}::external-address`,
      `${SERVICE}::external`,
    ]);
    expect(engine.one(ADDRESS, "external").inputs).toEqual({
      resourceGroupName: "external-address77",
      location: "westeurope",
      sku: { name: "Standard", tier: "Regional" },
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      zones: ["1", "3"],
    });
    expect(engine.one(ROLE, "external-address").inputs).toEqual({
      scope: "external-address-id",
      roleDefinitionId:
        "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
      principalId: "control-plane-object",
      principalType: "ServicePrincipal",
    });
    expect(unknownInputs(engine.registered)).toEqual([]);
  });

  test("is assigned to the load balancer after the role", async () => {
    const { engine, gateway } = await fixed();
    const service = engine.one(SERVICE, "external");
    expect(service.inputs).toMatchObject({
      metadata: {
        annotations: {
          "service.beta.kubernetes.io/azure-load-balancer-resource-group": "external-address77",
          "service.beta.kubernetes.io/azure-pip-name": "external88",
        },
      },
    });
    expect(service.dependencies).toContain(engine.one(ROLE, "external-address").urn);
    expect(await resolved(gateway.address)).toBe("203.0.113.7");
  });
});

describe("a gateway of the Gateway API", () => {
  const OWN = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
  const HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
  const OPTIONS = "kubernetes:core/v1:ConfigMap";

  async function own(
    args: Pick<IngressGatewayArgs, "kind" | "annotations" | "replicas">,
    mesh: "asm-1-30" | "outside" = "asm-1-30",
    hosts: (at: ClusterWithShop) => IngressHosts = onShop,
  ): Promise<Made> {
    const at = await surroundings();
    const { cluster, namespace } = at;
    const gateway = new IngressGateway(
      "own",
      {
        cluster,
        api: "gateway-api",
        namespace: namespace("gateways", mesh),
        vault: grantVaultReader("gateways", cluster, VAULT_ID),
        hosts: hosts(at),
        ...args,
      },
      { provider: cluster.provider },
    );
    await at.engine.settle();
    return { ...at, gateway };
  }

  test("creates the gateway, its certificates and its routes, and changes no object of AKS", async () => {
    const { engine, gateway } = await own({ kind: "External" });
    expect(childrenOf(engine, "IngressGateway")).toEqual([
      `${DEPLOYMENT}::own-certificates`,
      `${OWN}::own`,
      `${HTTP_ROUTE}::own-redirect`,
      `${HTTP_ROUTE}::own-shop.example.com`,
      `${PROVIDER_CLASS}::own`,
    ]);
    expect(engine.one(PROVIDER_CLASS, "own").inputs).toMatchObject({
      metadata: { namespace: "gateways" },
    });
    expect(await resolved(gateway.address)).toBe("203.0.113.30");
  });

  test.each(["External", "Internal"] as const)(
    "satisfies the policies on the Gateway API: %s",
    async (kind) => {
      const { engine } = await own({ kind, replicas: { minimum: 2, maximum: 4 } });
      const mesh = cluster({ kubernetesVersion: "1.33" });
      const provider = kubernetes(mesh);
      const made = engine.registered
        .filter(({ type }) => /^kubernetes:.*:/.test(type))
        .map(({ type, name, inputs }): Fixture => ({ type, name, props: inputs, provider }));
      expect(made.map(({ type }) => type)).toEqual(
        expect.arrayContaining([OWN, HTTP_ROUTE, OPTIONS]),
      );
      const about = rules.filter(({ tags: [area] }) => area === "gatewayapi");
      const frontend = {
        metadata: { name: "frontend", namespace: "shop" },
        spec: { ports: [{ port: 9898 }] },
      };
      const service = object(provider, "core/v1", "Service", frontend, "frontend");
      expect(await run(about, [mesh, provider, service, ...made])).toEqual([]);
    },
  );

  test("listens for its hosts, and accepts routes only from each host's namespace", async () => {
    const { engine } = await own({ kind: "External" });
    const gateway = engine.one(OWN, "own");
    expect(gateway.inputs).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: {
        name: "own",
        namespace: "gateways",
        labels: { "istio.io/rev": "asm-1-30" },
        annotations: { "pulumi.com/waitFor": "condition=Programmed" },
      },
      spec: {
        gatewayClassName: "istio",
        infrastructure: { annotations: {} },
        listeners: [
          {
            name: "http",
            port: 80,
            protocol: "HTTP",
            allowedRoutes: { namespaces: { from: "Same" } },
          },
          {
            name: "shop.example.com",
            hostname: "shop.example.com",
            port: 443,
            protocol: "HTTPS",
            tls: { mode: "Terminate", certificateRefs: [{ name: "own-shop" }] },
            allowedRoutes: {
              namespaces: {
                from: "Selector",
                selector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
              },
            },
          },
        ],
      },
    });
    expect(gateway.dependencies).toContain(engine.one(DEPLOYMENT, "own-certificates").urn);
  });

  test("redirects plain HTTP, and routes HTTPS to the service", async () => {
    const { engine } = await own({ kind: "External" });
    const resource = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
    expect(engine.one(HTTP_ROUTE, "own-redirect").inputs).toEqual({
      ...resource,
      metadata: { name: "own-redirect", namespace: "gateways" },
      spec: {
        parentRefs: [{ name: "own", sectionName: "http" }],
        rules: [
          {
            filters: [
              { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
            ],
          },
        ],
      },
    });
    expect(engine.one(HTTP_ROUTE, "own-shop.example.com").inputs).toEqual({
      ...resource,
      metadata: { name: "own-shop.example.com", namespace: "shop" },
      spec: {
        parentRefs: [{ name: "own", namespace: "gateways", sectionName: "shop.example.com" }],
        hostnames: ["shop.example.com"],
        rules: [{ backendRefs: [{ name: "frontend", port: 9898 }] }],
      },
    });
  });

  // https://gateway-api.sigs.k8s.io/reference/spec/
  test("keeps the lists of the API within their limits for as many hosts as the settings allow", async () => {
    const { engine } = await own({ kind: "External" }, "asm-1-30", (at) => {
      const answers = Object.values(onShop(at));
      const names = Array.from({ length: 63 }, (_, index) => `shop-${index}.example.com`);
      return Object.fromEntries(names.flatMap((name) => answers.map((answer) => [name, answer])));
    });
    const { spec } = engine.one(OWN, "own").inputs as { spec: { listeners: unknown[] } };
    expect(spec.listeners).toHaveLength(64);
    const routes = engine.registered.filter(({ type }) => type === HTTP_ROUTE);
    expect(routes).toHaveLength(64);
    for (const { inputs } of routes) {
      const { hostnames = [], rules } = inputs["spec"] as {
        readonly hostnames?: readonly string[];
        readonly rules: readonly unknown[];
      };
      expect(hostnames.length).toBeLessThanOrEqual(16);
      expect(rules.length).toBeLessThanOrEqual(16);
    }
  });

  test("is internal by annotation, keeps the other annotations, and belongs to no revision outside the mesh", async () => {
    const annotations = {
      "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "ingress",
    } as const;
    const { engine } = await own({ kind: "Internal", annotations }, "outside");
    expect(engine.one(OWN, "own").inputs).toMatchObject({
      metadata: { labels: {} },
      spec: {
        infrastructure: {
          annotations: {
            ...annotations,
            "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
          },
        },
      },
    });
  });

  test("gets its replicas from its own options", async () => {
    const { engine } = await own({ kind: "External", replicas: { minimum: 2, maximum: 4 } });
    expect(engine.one(OPTIONS, "own-options").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "own-options", namespace: "gateways" },
      data: { horizontalPodAutoscaler: "spec:\n  minReplicas: 2\n  maxReplicas: 4\n" },
    });
    expect(engine.one(OWN, "own").inputs).toMatchObject({
      spec: {
        infrastructure: { parametersRef: { group: "", kind: "ConfigMap", name: "own-options" } },
      },
    });
  });
});

test("comes after the component's dependencies", async () => {
  const at = await surroundings();
  const { cluster, namespace, engine } = at;
  const dependsOn = namespace("first");
  const args = { cluster, kind: "External", api: "istio", revisions: [], hosts: {} } as const;
  new IngressGateway("external", args, { provider: cluster.provider, dependsOn });
  await engine.settle();
  expect(engine.one(SERVICE, "external").dependencies).toContain(
    engine.one("kubernetes:core/v1:Namespace", "first").urn,
  );
});

test("two gateways share a vault, and the cluster gets its role once", async () => {
  const at = await surroundings();
  const { cluster, engine } = at;
  const vault = grantVaultReader("gateways", cluster, VAULT_ID);
  const hosts = onShop(at);
  for (const kind of ["Internal", "External"] as const) {
    const args = { cluster, kind, api: "istio", revisions: [], hosts, vault } as const;
    new IngressGateway(kind.toLowerCase(), args, { provider: cluster.provider });
  }
  await engine.settle();
  expect(rolesOn(engine, VAULT_ID)).toEqual(["gateways"]);
});

function rolesOn(engine: Recorder, scope: string): string[] {
  return engine.registered
    .filter(({ type, inputs }) => type === ROLE && inputs["scope"] === scope)
    .map(({ name }) => name);
}

describe("in a namespace that denies requests by default", () => {
  const POLICY = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
  const policyFrom = (name: string, gatewayNamespace: string) => ({
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace: "shop" },
    spec: {
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { namespaces: [gatewayNamespace] } }],
          to: [{ operation: { hosts: ["shop.example.com", "shop.example.com:*"] } }],
        },
      ],
    },
  });
  const closed = (at: ClusterWithShop): IngressHosts => ({
    ...several({ ...at, namespace: (name) => at.namespace(name, "asm-1-30", name === "shop") }),
  });

  test("the gateway is allowed to call its hosts before its routes exist", async () => {
    const { engine } = await made({}, closed);
    const policies = engine.registered.filter(
      ({ type, parent }) => type === POLICY && parent.includes("IngressGateway"),
    );
    expect(policies.map(({ name }) => name)).toEqual(["external-shop.example.com"]);
    const [policy] = policies;
    expect(policy?.inputs).toEqual(policyFrom("external-shop.example.com", "aks-istio-ingress"));
    expect(engine.one(ROUTE, "external-shop.example.com").dependencies).toContain(policy?.urn);
  });

  test("a Gateway API gateway is allowed from its own namespace", async () => {
    const at = await surroundings();
    const { cluster, engine, namespace } = at;
    const { "shop.example.com": shop } = onShop({
      ...at,
      namespace: (name) => namespace(name, "asm-1-30", true),
    });
    if (shop === undefined) throw new Error("There is no such host.");
    const certificate = { certificate: "CHAIN", key: "planted" };
    new IngressGateway(
      "internal",
      {
        cluster,
        kind: "Internal",
        api: "gateway-api",
        namespace: namespace("edge"),
        hosts: { "shop.example.com": { ...shop, certificate } },
      },
      { provider: cluster.provider },
    );
    await engine.settle();
    expect(engine.one(POLICY, "internal-shop.example.com").inputs).toEqual(
      policyFrom("internal-shop.example.com", "edge"),
    );
  });
});
