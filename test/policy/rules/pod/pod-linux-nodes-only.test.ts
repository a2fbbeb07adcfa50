import { describe, expect, test } from "vitest";
import { podLinuxNodesOnly } from "../../../../policy/rules/pod/pod-linux-nodes-only.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import { inMesh, outsideMesh, podSpec, template, workload } from "../../../support/workloads.ts";

async function messages(changes: Props, stack: readonly Fixture[] = inMesh) {
  const reports = await run(podLinuxNodesOnly, [...stack, workload(template(podSpec(changes)))]);
  return reports.map(({ level, message }) => [level, message]);
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

function expression(key: string, operator: string, ...values: unknown[]) {
  return { matchExpressions: [{ key, operator, values }] };
}
const required = (...terms: unknown[]): Props => ({
  affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: terms } } },
});
const preferred = (preference: unknown): Props => ({
  affinity: { nodeAffinity: { [PREFERRED]: [{ weight: 1, preference }] } },
});

describe("pod-linux-nodes-only", () => {
  test.each<[string, Props, string]>([
    [
      'nodeSelector["kubernetes.io/os"] is windows',
      { nodeSelector: { "kubernetes.io/os": "windows" } },
      "Windows nodes",
    ],
    [
      'nodeSelector["beta.kubernetes.io/os"] is windows',
      { nodeSelector: { "beta.kubernetes.io/os": "windows" } },
      "Windows nodes",
    ],
    [
      "nodeSelector.type is virtual-kubelet",
      { nodeSelector: { type: "virtual-kubelet" } },
      "virtual nodes",
    ],
    ["os.name is windows", { os: { name: "windows" } }, "Windows nodes"],
    [
      "tolerations[1].key is virtual-kubelet.io/provider",
      {
        tolerations: [
          { operator: "Exists" },
          { key: "virtual-kubelet.io/provider", operator: "Exists" },
        ],
      },
      "virtual nodes",
    ],
    [
      `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[1].matchExpressions[0].values names windows`,
      required({ matchFields: [] }, expression("kubernetes.io/os", "In", "linux", "windows")),
      "Windows nodes",
    ],
    [
      `affinity.nodeAffinity.${PREFERRED}[0].preference.matchExpressions[0].values names virtual-kubelet`,
      preferred(expression("type", "In", "virtual-kubelet")),
      "virtual nodes",
    ],
  ])("reports %s", async (what, changes, nodes) => {
    expect(await messages(changes)).toEqual([
      [
        "violation",
        `Deployment "web": spec.template.spec.${what}, but sidecars do not run on ${nodes}. Remove it, or move the workload to a namespace outside the mesh.`,
      ],
    ]);
  });

  test.each<[string, Props]>([
    ["Linux nodes", { nodeSelector: { "kubernetes.io/os": "linux" }, os: { name: "linux" } }],
    ["another label called windows", { nodeSelector: { team: "windows" } }],
    ["another type", { nodeSelector: { type: "memory" } }],
    [
      "an affinity that excludes Windows",
      required(expression("kubernetes.io/os", "NotIn", "windows")),
    ],
    ["Linux by affinity", required(expression("kubernetes.io/os", "In", "linux"))],
    ["another key by affinity", required(expression("agentpool", "In", "windows"))],
    ["an agent that tolerates everything", { tolerations: [{ operator: "Exists" }] }],
    ["invalid shapes", { nodeSelector: [], affinity: "windows", tolerations: {}, os: "windows" }],
  ])("accepts %s", async (_, changes) => {
    expect(await messages(changes)).toEqual([]);
  });

  test("reports nothing without a sidecar", async () => {
    expect(await messages({ os: { name: "windows" } }, outsideMesh)).toEqual([]);
  });

  test.each<[string, Props]>([
    ["nodeSelector", { nodeSelector: UNKNOWN }],
    ['nodeSelector["kubernetes.io/os"]', { nodeSelector: { "kubernetes.io/os": UNKNOWN } }],
    ["affinity", { affinity: UNKNOWN }],
    [
      `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[0].values`,
      required({
        matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: UNKNOWN }],
      }),
    ],
    ["tolerations", { tolerations: UNKNOWN }],
    ["tolerations[0].key", { tolerations: [{ key: UNKNOWN }] }],
  ])("advises once if %s is unknown", async (path, changes) => {
    expect(await messages(changes)).toEqual([
      [
        "unjudged",
        expect.stringContaining(`Deployment "web": spec.template.spec.${path} is known only`),
      ],
    ]);
  });
});
