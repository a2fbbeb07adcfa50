import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { TODAY, UNKNOWN, kubernetes } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";

/** The examples of a rule, as in its documentation. */
export interface Examples {
  readonly area: string;
  readonly rule: string;
  /** Other rules of the area that the bad example also violates. */
  readonly also: readonly string[];
  readonly good: readonly Fixture[];
  readonly bad: readonly Fixture[];
  /** The day on which they are judged, if it matters. */
  readonly today: string;
}

/** A resource in an example file. `${orders.name}` refers to an output of another resource, known once that exists. */
interface Written {
  readonly type: string;
  readonly name: string;
  readonly inputs: Props;
  /** The name of its provider, or of its cluster. */
  readonly provider?: string;
  /** The names of its further dependencies. */
  readonly dependsOn?: readonly string[];
}

interface File {
  readonly good: readonly Written[];
  readonly bad: readonly Written[];
  readonly also?: readonly string[];
  readonly today?: string;
}

export function readExamples(folder = "policy/examples"): readonly Examples[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort()
    .map((path) => {
      // The tests define the format of these files.
      const {
        good,
        bad,
        also = [],
        today = TODAY,
      } = parse(readFileSync(join(folder, path), "utf8")) as File;
      return {
        area: dirname(path),
        rule: basename(path, ".yaml"),
        also,
        good: stackOf(good),
        bad: stackOf(bad),
        today,
      };
    });
}

function stackOf(resources: readonly Written[]): readonly Fixture[] {
  const stack: Fixture[] = [];
  /** By cluster name. */
  const providers = new Map<string, Fixture>();
  for (const written of resources) {
    let provider = written.provider === undefined ? undefined : find(stack, written.provider);
    if (provider !== undefined && !provider.type.startsWith("pulumi:providers:")) {
      const of = provider;
      provider = providers.get(of.name);
      if (provider === undefined) {
        provider = kubernetes(of);
        providers.set(of.name, provider);
        stack.push(provider);
      }
    }
    stack.push(fixtureOf(written, stack, provider));
  }
  return stack;
}

function fixtureOf(
  { type, name, inputs, dependsOn = [] }: Written,
  stack: readonly Fixture[],
  provider: Fixture | undefined,
): Fixture {
  const from: Record<string, readonly Fixture[]> = {};
  const props = Object.fromEntries(
    Object.entries(inputs).map(([property, value]) => {
      const origins = new Set<Fixture>();
      const resolved = resolve(value, (reference) => origins.add(find(stack, reference)));
      if (origins.size > 0) from[property] = [...origins];
      return [property, resolved];
    }),
  );
  // In a first preview, an object on a cluster that does not exist yet has no properties.
  const outputs = provider?.props["kubeconfig"] === UNKNOWN && { outputs: {} };
  const before = dependsOn.map((one) => find(stack, one));
  return { type, name, props, from, dependsOn: before, ...(provider && { provider }), ...outputs };
}

/** The value with references to other resources unknown. */
function resolve(value: unknown, refer: (name: string) => void): unknown {
  if (typeof value === "string") {
    const [, name] = /\$\{([\w-]+)\.[^}]+\}/.exec(value) ?? [];
    if (name === undefined) return value;
    refer(name);
    return UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, refer));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [key, resolve(below, refer)]),
  );
}

/** The first resource with a name: a provider may have the name of its cluster. */
function find(stack: readonly Fixture[], name: string): Fixture {
  const fixture = stack.find((one) => one.name === name);
  if (fixture === undefined) throw new Error(`No resource before it is called ${name}.`);
  return fixture;
}
