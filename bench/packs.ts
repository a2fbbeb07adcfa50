import { join } from "node:path";
import type { AnalyzedResource } from "../offline/pack/analyzerMessages.ts";
import { Engine } from "../offline/engine/engine.ts";
import { serve } from "../offline/grpc.ts";
import type { Plan } from "../offline/plan/plan.ts";
import { PolicyPack } from "../offline/pack/policyPack.ts";
import { preview } from "../offline/preview.ts";
import { loadProject } from "../offline/project/project.ts";
import { stackOptions } from "../offline/stackOptions.ts";
import { providerOf } from "../offline/pack/providers.ts";
import { SecretMask } from "../offline/plan/secretMask.ts";
import type { Properties } from "../offline/plan/values.ts";
import { GENERATED, withStackFiles } from "./generated.ts";
import { median } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import { row } from "./table.ts";

const HOME = join(__dirname, "..");
const PACKS = { whole: join(HOME, "policy"), empty: join(__dirname, "programs", "empty-pack") };
const RUNS = 5;
const ORDINARY = 1_000;
const LARGE = 50;
const LARGE_BYTES = 41_000;

/** The pack alone, compared with one without rules that has the same process and the same protocol. */
export async function packs(): Promise<void> {
  const mask = new SecretMask([]);
  const engine = new Engine(mask);
  const server = await serve([[engine.service, engine.implementation]]);
  const start = (directory: string) =>
    PolicyPack.start(directory, {
      engineAddress: server.address,
      identity: { organization: "organization", project: "bench-generated", stack: "dev" },
      config: new Map(),
      mask,
      policyConfig: {},
      timeoutSeconds: 600,
      onStart: () => undefined,
    });
  try {
    await ready(start);
    await withStackFiles(async (stackFile) => {
      const ordinary = await resourcesOf(stackFile(ORDINARY));
      const large = ordinary.filter(isDeployment).slice(0, LARGE).map(enlarged);
      const [whole, empty] = [await start(PACKS.whole), await start(PACKS.empty)];
      const both = [whole, empty] as const;
      const { length } = ordinary;
      await compared(`${length} ordinary resources`, length, questionsAbout(ordinary), both);
      // The pack still remembers the cluster from the previous questions.
      await compared(`${LARGE} Deployments of 41 KB`, LARGE, questionsAbout(large), both);
      const stack: Question = (pack) => pack.analyzeStack(ordinary);
      await compared(`the stack of ${length} resources`, length, [stack], both);
      whole.stop();
      empty.stop();
    });
  } finally {
    server.stop();
  }
}

async function ready(start: (directory: string) => Promise<PolicyPack>): Promise<void> {
  const times: Record<keyof typeof PACKS, Measurement[]> = { whole: [], empty: [] };
  for (let run = 0; run < RUNS; run++) {
    for (const which of ["whole", "empty"] as const) {
      const seconds = await timed(async () => {
        (await start(PACKS[which])).stop();
      });
      times[which].push({ seconds });
    }
  }
  const [whole, empty] = [median(times.whole), median(times.empty)];
  row("the pack is ready", whole, `${(whole.seconds / empty.seconds).toFixed(2)} x an empty one`);
}

type Question = (pack: PolicyPack) => Promise<unknown>;

/** Asks both packs in turn, so other load on the machine slows both down. */
async function compared(
  what: string,
  resources: number,
  questions: readonly Question[],
  [whole, empty]: readonly [PolicyPack, PolicyPack],
): Promise<void> {
  const seconds = { whole: 0, empty: 0 };
  for (const ask of questions) {
    seconds.empty += await timed(() => ask(empty));
    seconds.whole += await timed(() => ask(whole));
  }
  const one = (of: number) => `${((of * 1000) / resources).toFixed(2)} ms`;
  row(
    what,
    { seconds: seconds.whole },
    `${one(seconds.whole)} for one, ${one(seconds.whole - seconds.empty)} more than an empty pack`,
  );
}

/** What a preview asks about each single resource. */
function questionsAbout(resources: readonly AnalyzedResource[]): readonly Question[] {
  return resources.map((resource) => async (pack) => {
    await pack.remediate(resource);
    await pack.analyze(resource);
  });
}

async function timed(what: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await what();
  return (performance.now() - started) / 1000;
}

/** The resources of a stack, in the form in which a pack receives them. */
async function resourcesOf(configFile: string): Promise<readonly AnalyzedResource[]> {
  const options = stackOptions(loadProject(GENERATED), { configFile });
  const plan: Plan = await preview({ ...options, policyPacks: [] });
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  return plan.resources.map((resource) => ({
    resource,
    properties: resource.inputs,
    provider: providerOf(resource, byUrn, plan, options.config),
  }));
}

function isDeployment({ resource }: AnalyzedResource): boolean {
  return resource.type === "kubernetes:apps/v1:Deployment";
}

/** The same resource, enlarged with environment variables: many small values cost a pack more than one long text. */
function enlarged(analyzed: AnalyzedResource): AnalyzedResource {
  const env = [];
  for (let bytes = 0; bytes < LARGE_BYTES; bytes += JSON.stringify(env.at(-1)).length + 1) {
    env.push({ name: `SETTING_${env.length}`, value: "x".repeat(50) });
  }
  // A plain copy of a plain object, which the bench's own program created.
  const properties = structuredClone(analyzed.properties) as Properties & {
    spec: { template: { spec: { containers: [{ env: unknown }] } } };
  };
  properties.spec.template.spec.containers[0].env = env;
  return { ...analyzed, properties };
}
