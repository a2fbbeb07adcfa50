import { JOINED, namespace } from "./claim.ts";
import type { Claim } from "./claim.ts";
import type { Resource } from "../harness/cluster.ts";

/** A webhook like that of the charts of a self-managed Istio. */
const foreignWebhook: Resource = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "istio-sidecar-injector" },
  webhooks: [
    {
      name: "sidecar-injector.istio.io",
      clientConfig: { service: { name: "istiod", namespace: "istio-system", path: "/inject" } },
      rules: [
        { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
      ],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "foreign-webhook" } },
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
    },
  ],
};

export const foreignWebhookClaim: Claim = {
  name: "foreign-webhook",
  policy: "mesh-foreign-istio-webhook",
  broken: [namespace("foreign-webhook"), foreignWebhook],
  mended: [namespace("foreign-webhook")],
};

function inIstioSystem(name: string): Resource {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "istio-system" },
    spec: {
      selector: { matchLabels: { part: name } },
      template: {
        metadata: { labels: { part: name } },
        spec: { containers: [{ name: "one", image: "registry.invalid/one:1" }] },
      },
    },
  };
}

/** The control plane itself is a process here; its Deployment is for the policy pack. */
export const secondControlPlaneClaim: Claim = {
  name: "second-control-plane",
  policy: "mesh-no-istio-control-plane",
  broken: [inIstioSystem("istiod")],
  mended: [inIstioSystem("another")],
};

export const systemNamespaceClaim: Claim = {
  name: "system-namespace",
  policy: "ns-system-not-injected",
  broken: [namespace("kube-system", JOINED)],
  mended: [namespace("kube-system", {})],
};

function sharedConfigMap(revision: string, mesh: string): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `istio-shared-configmap-${revision}`, namespace: "aks-istio-system" },
    data: { mesh },
  };
}

const DRAIN = "defaultConfig:\n  terminationDrainDuration: 77s\n";

export const oneConfigMapClaim: Claim = {
  name: "one-shared-configmap-of-two",
  policy: "meshconfig-per-revision",
  aboutMesh: true,
  broken: [sharedConfigMap("asm-1-29", DRAIN)],
  mended: [sharedConfigMap("asm-1-29", DRAIN), sharedConfigMap("asm-1-30", DRAIN)],
};

/** Claims about fields of shared ConfigMaps that have no effect. */
export const fieldClaims: readonly Claim[] = [
  fields("mistyped-field", 'accessLogFormatt: "as wanted"\n', 'accessLogFormat: "as wanted"\n'),
  fields(
    "indented-by-a-tab",
    'accessLogFormat: "as wanted"\ndefaultConfig:\n\tdrainDuration: 30s\n',
    'accessLogFormat: "as wanted"\ndefaultConfig:\n  drainDuration: 30s\n',
  ),
];

function fields(name: string, broken: string, mended: string): Claim {
  const both = (mesh: string) => ["asm-1-29", "asm-1-30"].map((one) => sharedConfigMap(one, mesh));
  return {
    name,
    policy: "meshconfig-allowed-fields",
    aboutMesh: true,
    broken: both(broken),
    mended: both(mended),
  };
}

const LEFT_OUT = "left-out-by-discovery";

/** Label of a namespace that the selectors of both states select. */
export const DISCOVERED = { discovered: "here" } as const;

function discovering(...selectors: readonly object[]): readonly Resource[] {
  const mesh = JSON.stringify({ discoverySelectors: [{ matchLabels: DISCOVERED }, ...selectors] });
  return [
    ...["asm-1-29", "asm-1-30"].map((one) => sharedConfigMap(one, mesh)),
    namespace(LEFT_OUT),
  ];
}

export const discoveryClaim: Claim = {
  name: LEFT_OUT,
  policy: "meshconfig-discovery-selectors",
  aboutMesh: true,
  broken: discovering(),
  mended: discovering({ matchLabels: { "kubernetes.io/metadata.name": LEFT_OUT } }),
};

/** Two states of objects cannot show their effects. */
export const meshClaims: readonly Claim[] = [
  foreignWebhookClaim,
  secondControlPlaneClaim,
  systemNamespaceClaim,
  oneConfigMapClaim,
  ...fieldClaims,
  discoveryClaim,
];
