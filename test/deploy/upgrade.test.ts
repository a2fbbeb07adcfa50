import { test } from "vitest";
import { planMesh, upgradeCourse } from "../../mesh/upgrade.ts";
import type { MeshState } from "../../mesh/upgrade.ts";
import { at } from "../../rehearsal/azure/access.ts";
import type { EngineStep } from "../../rehearsal/engineEvents.ts";
import { stepsOf } from "../../rehearsal/engineEvents.ts";
import { differencesFrom } from "../../rehearsal/upgradeChanges.ts";
import { newStack, stackFile } from "./harness/stack.ts";
import type { Stack } from "./harness/stack.ts";

const [OLD, NEW] = ["asm-1-29", "asm-1-30"] as const;

const NAMESPACES = { web: { canary: true }, api: { canary: false } };
const [BEFORE, PREPARED, CANARY, PROMOTED, AFTER] = upgradeCourse(
  OLD,
  NEW,
  NAMESPACES,
) as readonly [MeshState, MeshState, MeshState, MeshState, MeshState];

/** The changes of one `pulumi up` and the resulting state of the stack, as in the table in docs/upgrading.md. */
interface Phase {
  readonly name: string;
  readonly file: string;
  readonly state: MeshState;
  /** Whether the canary namespace has opted out again. */
  readonly withoutCanary?: boolean;
  readonly does: readonly string[];
  readonly runs: readonly string[];
  readonly configMaps: readonly string[];
  readonly web: string;
  readonly api: string;
}

/** The changes if a namespace moves to another revision: its sample gets new pods. */
const moves = (namespace: string, sample: string) => [
  `update Deployment ${sample}-backend`,
  `update Deployment ${sample}-frontend`,
  `update Namespace ${namespace}`,
];
const WEB = moves("web", "front");
const API = moves("api", "back");
const CLUSTER = "update ManagedCluster mesh";

const prepared: Phase = {
  name: "prepared",
  file: "prepared",
  state: PREPARED,
  does: [`create ConfigMap mesh-${NEW}`],
  runs: [OLD],
  configMaps: [OLD, NEW],
  web: OLD,
  api: OLD,
};
const canary: Phase = {
  name: "canary",
  file: "canary",
  state: CANARY,
  does: [CLUSTER, ...WEB],
  runs: [OLD, NEW],
  configMaps: [OLD, NEW],
  web: NEW,
  api: OLD,
};
const promoted: Phase = {
  name: "promoted",
  file: "promoted",
  state: PROMOTED,
  does: API,
  runs: [OLD, NEW],
  configMaps: [OLD, NEW],
  web: NEW,
  api: NEW,
};
const backInCanary: Phase = { ...canary, name: "back in canary", does: API };
const unfollowed: Phase = {
  ...canary,
  name: "an unfollowed canary",
  state: { ...CANARY, namespaces: { ...NAMESPACES, web: { canary: false } } },
  withoutCanary: true,
  does: WEB,
  web: OLD,
};
const backInPrepared: Phase = { ...prepared, name: "back in prepared", does: [CLUSTER] };
const before: Phase = {
  ...prepared,
  name: "none",
  file: "before",
  state: BEFORE,
  does: [`delete ConfigMap mesh-${NEW}`],
  configMaps: [OLD],
};
const after: Phase = {
  ...promoted,
  name: "done",
  file: "after",
  state: AFTER,
  does: [CLUSTER, `delete ConfigMap mesh-${OLD}`],
  runs: [NEW],
  configMaps: [NEW],
};

async function goTo(
  stack: Stack,
  { file, withoutCanary = false }: Phase,
): Promise<readonly EngineStep[]> {
  stack.edit((text) => {
    const settings = stackFile(`examples/upgrade-${file}.yaml`);
    const salt = /^encryptionsalt: .*$/m.exec(text)?.[0] ?? "";
    return `${salt}\n${withoutCanary ? settings.replace("canary: true", "canary: false") : settings}`;
  });
  stack.done.length = 0;
  const { code, output, events } = await stack.up();
  if (code !== 0) throw new Error(output);
  return stepsOf(events);
}

function doneTo({ done }: Stack): readonly string[] {
  return done.map(
    ({ operation, subject: { type, name } }) =>
      `${operation} ${type.split(":").at(-1) ?? ""} ${name}`,
  );
}

/** The revisions in the latest request to Azure. */
function runningIn({ cloud }: Stack): unknown {
  const cluster = cloud.all.find(({ type }) => type.endsWith(":ManagedCluster"));
  return at(cluster?.outputs, "serviceMeshProfile", "istio", "revisions");
}

function labelOf({ objects }: Stack, namespace: string): unknown {
  const found = objects.read({ type: "kubernetes:core/v1:Namespace", name: "" }, namespace);
  return at(found?.outputs, "metadata", "labels", "istio.io/rev");
}

function configMapsOf({ objects }: Stack): readonly string[] {
  return objects.objects.flatMap(
    (path) => /ConfigMap aks-istio-system\/istio-shared-configmap-(.+)$/.exec(path)?.[1] ?? [],
  );
}

const COURSES = {
  "forward and all the way back": [
    ...[prepared, canary, promoted],
    ...[backInCanary, unfollowed, backInPrepared, before],
  ],
  "to completion": [prepared, canary, promoted, after],
};

test.concurrent.for(Object.entries(COURSES))(
  "an upgrade goes %s, and each deployment makes only the changes of its phase",
  async ([, course], context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("examples/upgrade-before.yaml"));
    expect((await stack.up()).code).toBe(0);
    let state = BEFORE;
    for (const phase of course) {
      const steps = await goTo(stack, phase);
      const differences = differencesFrom(steps, planMesh(state), planMesh(phase.state), true);
      expect([phase.name, differences]).toEqual([phase.name, { unexpected: [], missing: [] }]);
      state = phase.state;
      const done = doneTo(stack);
      expect([phase.name, [...done].sort()]).toEqual([phase.name, [...phase.does].sort()]);
      // AKS starts a revision before namespaces follow it, and stops it before its configuration is deleted.
      if (done.includes(CLUSTER)) expect([phase.name, done[0]]).toEqual([phase.name, CLUSTER]);
      expect({
        name: phase.name,
        runs: runningIn(stack),
        configMaps: configMapsOf(stack),
        web: labelOf(stack, "web"),
        api: labelOf(stack, "api"),
      }).toEqual({
        name: phase.name,
        runs: phase.runs,
        configMaps: phase.configMaps,
        web: phase.web,
        api: phase.api,
      });
    }
  },
);
