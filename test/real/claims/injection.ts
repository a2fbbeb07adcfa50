import { JOINED, REVISION, namespace } from "./claim.ts";
import type { Claim } from "./claim.ts";
import type { Resource } from "../harness/cluster.ts";

/** A claim about the injection of a pod in the two states. */
export interface InjectionClaim extends Claim {
  readonly harm: string;
  readonly otherwise: string;
}

type Labels = Readonly<Record<string, string>>;

function aboutNamespace(
  policy: string,
  broken: Labels,
  mended: Labels,
  harm: string,
): InjectionClaim {
  return {
    name: policy,
    policy,
    broken: [namespace(policy, broken)],
    mended: [namespace(policy, mended)],
    harm,
    otherwise: REVISION,
  };
}

interface Template {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
}

function deployment(name: string, { labels, annotations, spec, container }: Template): Resource {
  const app = { app: "app" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "app", namespace: name },
    spec: {
      selector: { matchLabels: app },
      template: {
        metadata: { labels: { ...app, ...labels }, annotations },
        spec: {
          ...spec,
          containers: [{ name: "app", image: "registry.invalid/app:1", ...container }],
        },
      },
    },
  };
}

function aboutPod(
  name: string,
  policy: string,
  {
    harm,
    broken,
    mended = {},
    labels = JOINED,
  }: {
    readonly harm: string;
    readonly broken: Template;
    readonly mended?: Template;
    readonly labels?: Labels;
  },
): InjectionClaim {
  return {
    name,
    policy,
    broken: [namespace(name, labels), deployment(name, broken)],
    mended: [namespace(name, labels), deployment(name, mended)],
    harm,
    otherwise: REVISION,
  };
}

const NONE = "no sidecar";
/** Has a sidecar, and traffic that bypasses it. */
const BYPASSED = `${REVISION}, bypassed`;

/**
 * What prevents a sidecar, or hides traffic from it. Init containers redirect the traffic, as in a mesh that was
 * installed before asm-1-30.
 */
export const injectionClaims: readonly InjectionClaim[] = [
  aboutNamespace("ns-no-legacy-injection-label", { "istio-injection": "enabled" }, JOINED, NONE),
  {
    ...aboutNamespace(
      "ns-single-injection-label",
      { ...JOINED, "istio-injection": "disabled" },
      JOINED,
      NONE,
    ),
    also: ["ns-no-legacy-injection-label"],
  },
  aboutNamespace("ns-revision-on-cluster", { "istio.io/rev": "asm-1-28" }, JOINED, NONE),
  aboutNamespace("ns-mesh-decision-explicit", {}, JOINED, NONE),
  aboutNamespace("ns-no-ambient", { "istio.io/dataplane-mode": "ambient" }, JOINED, NONE),
  aboutNamespace(
    "ns-pod-security-compatible",
    { ...JOINED, "pod-security.kubernetes.io/enforce": "baseline" },
    { ...JOINED, "pod-security.kubernetes.io/enforce": "privileged" },
    "rejected by pod security",
  ),
  aboutPod("opted-out-by-label", "pod-no-injection-optout", {
    broken: { labels: { "sidecar.istio.io/inject": "false" } },
    harm: NONE,
  }),
  aboutPod("opted-out-by-annotation", "pod-no-injection-optout", {
    broken: { annotations: { "sidecar.istio.io/inject": "false" } },
    harm: NONE,
  }),
  ...(
    [
      ["no-port-inbound", "traffic.sidecar.istio.io/includeInboundPorts", ""],
      ["no-range-outbound", "traffic.sidecar.istio.io/includeOutboundIPRanges", ""],
      ["all-ranges-excluded", "traffic.sidecar.istio.io/excludeOutboundIPRanges", "0.0.0.0/0"],
      ["nothing-intercepted", "sidecar.istio.io/interceptionMode", "NONE"],
    ] as const
  ).map(([name, annotation, value]) =>
    aboutPod(name, "pod-no-injection-optout", {
      broken: { annotations: { [annotation]: value } },
      harm: BYPASSED,
    }),
  ),
  aboutPod("wildcard-of-ports", "pod-traffic-annotations-valid", {
    broken: { annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "*" } },
    harm: "rejected by a webhook",
  }),
  aboutPod("inject-without-revision", "pod-inject-label-ineffective", {
    labels: {},
    broken: { labels: { "sidecar.istio.io/inject": "true" } },
    mended: { labels: { "sidecar.istio.io/inject": "true", ...JOINED } },
    harm: NONE,
  }),
  aboutPod("host-network", "pod-no-host-network", {
    broken: { spec: { hostNetwork: true } },
    harm: NONE,
  }),
  aboutPod("user-of-the-sidecar", "pod-reserved-uid", {
    broken: { spec: { securityContext: { runAsUser: 1337 } } },
    mended: { spec: { securityContext: { runAsUser: 10001 } } },
    harm: BYPASSED,
  }),
  aboutPod("probe-of-the-sidecar", "workload-resources-and-probes", {
    broken: { container: probed(15021) },
    mended: { container: probed(8080) },
    harm: `${REVISION}, probed instead of the application`,
  }),
];

/** A container that complies with the rule. */
function probed(port: number) {
  const probe = { httpGet: { path: "/healthz/ready", port } };
  const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } };
  return { resources, readinessProbe: probe, livenessProbe: probe };
}
