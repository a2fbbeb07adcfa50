import { previewIsOver } from "../../mesh/previewFeatures.ts";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import type { Azure } from "../azure/azure.ts";
import { readFeature, registerFeature } from "../azure/features.ts";
import { readResourceProvider, registerResourceProvider } from "../azure/resourceProviders.ts";
import type { Wanted } from "./wanted.ts";

/** What is not registered in the subscription, but exists. */
export interface Unregistered {
  /** Namespaces of resource providers. */
  readonly providers: readonly string[];
  /** As `az feature list` prints them. */
  readonly features: readonly string[];
}

/** How a registration waits, and tells of it. */
export interface Waiting {
  /** Milliseconds until it gives up. Azure goes on. */
  readonly timeout: number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Called with a sentence for each step and each problem. */
  readonly tell: (text: string) => void;
}

/** The registrations that the deployment needs and the subscription lacks. What cannot be read is not among them. */
export async function unregistered(azure: Azure, wanted: Wanted): Promise<Unregistered> {
  const providers = [...new Set(wanted.services.map(({ namespace }) => namespace))];
  const features = wanted.features.filter((feature) => previewIsOver(feature) === undefined);
  return {
    providers: await missingOf(providers, ofProviders(azure)),
    features: await missingOf(features, ofFeatures(azure)),
  };
}

/**
 * Registers features and resource providers, and waits until they are. A feature takes effect once its provider is
 * registered again.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/preview-features#register-preview-feature
 */
export async function register(
  azure: Azure,
  { providers, features }: Unregistered,
  waiting: Waiting,
): Promise<void> {
  const ready = await registerAll(features, ofFeatures(azure), waiting);
  const again = ready.map((feature) => feature.split("/")[0] ?? "");
  await registerAll([...new Set([...providers, ...again])], ofProviders(azure), waiting);
}

/** How to register something, and how to see whether it is registered, by its name. */
interface Registration {
  readonly start: (name: string) => Promise<Answer<unknown>>;
  /** Undefined if there is no such thing. */
  readonly state: (name: string) => Promise<Answer<string | undefined>>;
}

function ofFeatures(azure: Azure): Registration {
  return {
    start: (feature) => registerFeature(azure, feature),
    state: (feature) => readFeature(azure, feature),
  };
}

function ofProviders(azure: Azure): Registration {
  return {
    start: (namespace) => registerResourceProvider(azure, namespace),
    state: async (namespace) => {
      const answer = await readResourceProvider(azure, namespace);
      return isAnswered(answer) ? { value: answer.value?.state } : answer;
    },
  };
}

const MISSING: readonly unknown[] = ["NotRegistered", "Unregistered", "Unregistering"];

async function missingOf(
  names: readonly string[],
  { state }: Registration,
): Promise<readonly string[]> {
  const states = await statesOf(names, state);
  return names.filter((name) => MISSING.includes(states.get(name)));
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** @returns the names of those that are registered now */
async function registerAll(
  names: readonly string[],
  { start, state }: Registration,
  { timeout, wait, tell }: Waiting,
): Promise<readonly string[]> {
  let open: readonly string[] = [];
  for (const name of names) {
    const started = await start(name);
    if (isAnswered(started)) open = [...open, name];
    else tell(`${name} cannot be registered: ${started.reason} ${started.fix}`);
  }
  const ready: string[] = [];
  let waited = 0;
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(2 * pause, LONGEST_WAIT_MS)) {
    const states = await statesOf(open, state);
    for (const [name, now] of states) {
      if (now === "Registered") tell(`${name} is registered.`);
      if (now === "Pending") tell(`${name} waits for an approval of Microsoft.`);
    }
    ready.push(...open.filter((name) => states.get(name) === "Registered"));
    open = open.filter((name) => !["Registered", "Pending"].includes(states.get(name) ?? ""));
    if (open.length === 0) return ready;
    if (waited >= timeout) {
      const after = `not registered after ${waited / 1000} s. Azure goes on; run preflight later.`;
      tell(`${open.join(", ")}: ${after}`);
      return ready;
    }
    tell(`Waiting for ${open.join(", ")}.`);
    await wait(pause);
    waited += pause;
  }
}

/** The states by name; undefined for what cannot be read. */
async function statesOf(
  names: readonly string[],
  state: Registration["state"],
): Promise<ReadonlyMap<string, string | undefined>> {
  const answers = await Promise.all(
    names.map(async (name) => {
      const answer = await state(name);
      return [name, isAnswered(answer) ? answer.value : undefined] as const;
    }),
  );
  return new Map(answers);
}
