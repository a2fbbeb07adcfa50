import { describe, expect, test } from "vitest";
import {
  gatewayOptionProblems,
  keepsClientAddress,
  probeAnnotationsLeft,
} from "../../mesh/gatewayOptions.ts";

const said = (key: string, content: unknown) =>
  gatewayOptionProblems(key, content).map(({ path, message }) => `${path}: ${message}`);

const podSpec = (spec: object) => ({ spec: { template: { spec } } });
const BLOCKED = "AKS does not allow this field, and its webhook rejects it.";

describe("gatewayOptionProblems", () => {
  test.each<[string, unknown]>([
    ["deployment", undefined],
    ["deployment", null],
    ["deployment", {}],
    ["deployment", { metadata: { labels: { a: "b" }, annotations: { "a.b/c": null } } }],
    ["deployment", { spec: { replicas: 3, minReadySeconds: 5 } }],
    ["deployment", podSpec({ nodeSelector: { pool: "edge" }, tolerations: [{ key: "a" }] })],
    ["deployment", podSpec({ terminationGracePeriodSeconds: 90 })],
    [
      "deployment",
      podSpec({
        containers: [{ name: "istio-proxy", resources: { requests: { cpu: "1" }, limits: {} } }],
      }),
    ],
    [
      "deployment",
      podSpec({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          },
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] },
        },
      }),
    ],
    ["service", { spec: { type: "ClusterIP", externalTrafficPolicy: "Local" } }],
    ["horizontalPodAutoscaler", { spec: { minReplicas: 2, maxReplicas: 4, metrics: [{}] } }],
    ["horizontalPodAutoscaler", { spec: { behavior: { scaleUp: { policies: [] } } } }],
    ["horizontalPodAutoscaler", { spec: { minReplicas: "1" } }],
    ["podDisruptionBudget", { spec: { minAvailable: 1 } }],
  ])("accepts %s with %j", (key, content) => {
    expect(said(key, content)).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    [
      "deployment",
      podSpec({ hostNetwork: true }),
      [`spec.template.spec.hostNetwork: ${BLOCKED} Remove it.`],
    ],
    [
      "deployment",
      podSpec({
        containers: [
          { name: "istio-proxy", image: "x" },
          { name: "agent", env: [] },
        ],
      }),
      [
        `spec.template.spec.containers.image: ${BLOCKED} Remove it.`,
        `spec.template.spec.containers.env: ${BLOCKED} Remove it.`,
      ],
    ],
    [
      "deployment",
      podSpec({ containers: [{ resources: { claims: [] } }] }),
      [`spec.template.spec.containers.resources.claims: ${BLOCKED} Remove it.`],
    ],
    ["deployment", { spec: { strategy: {} } }, [`spec.strategy: ${BLOCKED} Remove it.`]],
    [
      "deployment",
      podSpec({ terminationGracePeriodSecond: 90 }),
      [
        `spec.template.spec.terminationGracePeriodSecond: ${BLOCKED} Did you mean spec.template.spec.terminationGracePeriodSeconds?`,
      ],
    ],
    ["service", { spec: { ports: [] } }, [`spec.ports: ${BLOCKED} Remove it.`]],
    ["service", { metadata: { name: "web" } }, [`metadata.name: ${BLOCKED} Remove it.`]],
    [
      "podDisruptionBudget",
      { spec: { maxUnavailable: 1 } },
      [`spec.maxUnavailable: ${BLOCKED} Did you mean spec.minAvailable?`],
    ],
    [
      "horizontalPodAutoscaler",
      { spec: { minReplicas: 1 } },
      ["spec.minReplicas: It is 1, but must be at least 2."],
    ],
    ["deployment", "spec", [": It must be a YAML mapping, such as spec: {}."]],
    ["deployment", [], [": It must be a YAML mapping, such as spec: {}."]],
    [
      "serviceAccount",
      {},
      [
        ": AKS does not allow this key. Use deployment, service, horizontalPodAutoscaler, podDisruptionBudget.",
      ],
    ],
    ["deployments", {}, [": AKS does not allow this key. Did you mean deployment?"]],
    [
      "toString",
      {},
      [
        ": AKS does not allow this key. Use deployment, service, horizontalPodAutoscaler, podDisruptionBudget.",
      ],
    ],
  ])("reports %s with %j", (key, content, expected) => {
    expect(said(key, content)).toEqual(expected);
  });
});

test("the client's address is kept by Local only", () => {
  expect(keepsClientAddress({ spec: { externalTrafficPolicy: "Local" } })).toBe(true);
  expect(keepsClientAddress({ spec: { externalTrafficPolicy: "Cluster" } })).toBe(false);
  expect(keepsClientAddress(null)).toBe(false);
});

test("annotations are unset with null", () => {
  const prefix = "service.beta.kubernetes.io/port_80_health-probe_";
  const annotations = { [`${prefix}port`]: null, [`${prefix}protocol`]: "tcp" };
  expect(probeAnnotationsLeft({ metadata: { annotations } })).toEqual([
    `${prefix}protocol`,
    `${prefix}request-path`,
  ]);
  expect(probeAnnotationsLeft(undefined)).toHaveLength(3);
});
