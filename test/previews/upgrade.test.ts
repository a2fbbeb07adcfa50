import { beforeAll, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { configuredBy, onThatDay } from "../support/exampleStacks.ts";
import { planLeaves } from "../support/planText.ts";

const day = onThatDay();
const COURSE = ["before", "prepared", "canary", "promoted", "after"] as const;

type Leaves = ReadonlyMap<string, string>;
let plans: readonly Leaves[] = [];

beforeAll(async () => {
  plans = await Promise.all(
    COURSE.map(async (phase) => {
      const stack = configuredBy(`upgrade-${phase}`);
      const { code, stdout } = await aksIstio(["preview", ...stack, ...day, "--json", "-"]);
      expect([phase, code]).toEqual([phase, 0]);
      return planLeaves(stdout);
    }),
  );
});

/** What a phase adds to the previous one, and what it changes. */
function changes(phase: number): string[] {
  const [was, will] = plans.slice(phase - 1, phase + 1) as [Leaves, Leaves];
  return [...new Set([...was.keys(), ...will.keys()])].sort().flatMap((path) => {
    const [old, now] = [was.get(path), will.get(path)];
    if (old === now) return [];
    if (old === undefined) return [`+ ${path} ${now ?? ""}`.trim()];
    return [now === undefined ? `- ${path}` : `${path}: ${old} -> ${now}`];
  });
}

const REVISIONS = "ManagedCluster mesh/serviceMeshProfile/istio/revisions";
const [OLD, BOTH, NEW] = ['["asm-1-29"]', '["asm-1-29","asm-1-30"]', '["asm-1-30"]'];

/** The namespace and its sample follow the new revision, the sample by new pods. */
function moved(namespace: string, sample: string): string[] {
  const [from, to] = ['"asm-1-29"', '"asm-1-30"'];
  return [
    `MeshNamespace ${namespace}/mesh: ${from} -> ${to}`,
    `Namespace ${namespace}/metadata/labels/istio.io/rev: ${from} -> ${to}`,
    `SampleWorkload ${sample}/mesh: ${from} -> ${to}`,
    ...["backend", "frontend"].map(
      (service) =>
        `Deployment ${sample}-${service}/spec/template/metadata/annotations/mesh-revision: ${from} -> ${to}`,
    ),
  ];
}

test.each([
  [
    "prepared adds the new revision's configuration",
    1,
    [
      `MeshConfiguration mesh/configMaps: ${OLD} -> ${BOTH}`,
      "+ ConfigMap mesh-asm-1-30",
      '+ ConfigMap mesh-asm-1-30/apiVersion "v1"',
      '+ ConfigMap mesh-asm-1-30/data/mesh "accessLogEncoding: JSON\\n"',
      '+ ConfigMap mesh-asm-1-30/kind "ConfigMap"',
      '+ ConfigMap mesh-asm-1-30/metadata/name "istio-shared-configmap-asm-1-30"',
      '+ ConfigMap mesh-asm-1-30/metadata/namespace "aks-istio-system"',
    ],
  ],
  [
    "canary starts the new revision, and the namespace that chose it follows",
    2,
    [
      `${REVISIONS}: ${OLD} -> ${BOTH}`,
      `MeshCluster mesh/revisions: ${OLD} -> ${BOTH}`,
      ...moved("web", "front"),
    ],
  ],
  ["promoted moves the others", 3, moved("api", "back")],
  [
    "after stops the old revision and removes its configuration",
    4,
    [
      `${REVISIONS}: ${BOTH} -> ${NEW}`,
      `MeshCluster mesh/revisions: ${BOTH} -> ${NEW}`,
      `MeshConfiguration mesh/configMaps: ${BOTH} -> ${NEW}`,
      "- ConfigMap mesh-asm-1-29",
      "- ConfigMap mesh-asm-1-29/apiVersion",
      "- ConfigMap mesh-asm-1-29/data/mesh",
      "- ConfigMap mesh-asm-1-29/kind",
      "- ConfigMap mesh-asm-1-29/metadata/name",
      "- ConfigMap mesh-asm-1-29/metadata/namespace",
    ],
  ],
])("the phase %s, and changes nothing else", (_, phase, expected) => {
  expect(plans.map(({ size }) => size > 100)).toEqual(COURSE.map(() => true));
  expect(changes(phase).sort()).toEqual([...expected].sort());
});
