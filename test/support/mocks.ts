import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { untracePromises } from "../../offline/program/promiseTraces.js";

untracePromises(dirname(createRequire(__filename).resolve("@pulumi/pulumi")));

/** A registered resource. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of its parent; empty if it has none. */
  readonly parent: string;
  readonly custom: boolean;
  /** As sent: unknowns as `pulumi.runtime.unknownValue`, secrets with the mark that `isSecret` checks. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its explicit provider, `<urn>::<id>`; empty for the default one. */
  readonly provider: string;
  /** URNs of its dependencies. */
  readonly dependencies: readonly string[];
  /** URNs of the dependencies of each input. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Whether `protect` is set on the resource itself; only a real engine inherits it. */
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN in `deletedWith`; empty if not set. */
  readonly deletedWith: string;
  /** Names of its error hooks. */
  readonly onError: readonly string[];
  /** Timeouts as written, such as `60m`. */
  readonly timeouts: Readonly<Record<"create" | "update" | "delete", string>>;
}

export interface MockOptions {
  /** Outputs in addition to the inputs, by type or by `<type>::<name>`. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The results of invokes, by token; any other invoke fails the test. */
  readonly invokes?: Readonly<Record<string, (inputs: unknown) => Record<string, unknown>>>;
  /** @default test */
  readonly stack?: string;
  /** Whether to simulate a first preview, in which all outputs are unknown. */
  readonly preview?: boolean;
}

/** What a program has registered so far, in no particular order: registrations run concurrently. */
export class Recorder {
  readonly registered: Registered[] = [];
  /** The inputs of every invoke. */
  readonly invoked: { readonly token: string; readonly inputs: unknown }[] = [];
  /** The registered error hooks, each name once, as the engine requires. */
  readonly errorHooks = new Map<string, pulumi.ErrorHook>();

  /** Waits until all registrations are complete. Call it before reading anything. */
  async settle(): Promise<void> {
    await pulumi.runtime.disconnect();
  }

  /** The only resource with a type and name. */
  one(type: string, name: string): Registered {
    const found = this.registered.filter((each) => each.type === type && each.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} resources are of type ${type} and named ${name}.`);
    }
    return only;
  }

  /** Type and name of all resources, sorted: the identities that must not change between versions. */
  identities(): string[] {
    return this.registered.map(({ urn }) => urn.split("::").slice(2).join("::")).sort();
  }
}

const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Whether an input was sent as a secret. */
export function isSecret(input: unknown): boolean {
  return (
    typeof input === "object" &&
    input !== null &&
    SECRET_MARK in input &&
    input[SECRET_MARK] === SECRET
  );
}

/** The value of an input that was sent as a secret. */
export function unsealed(input: unknown): unknown {
  if (!isSecret(input)) throw new Error("The input was sent in clear text.");
  return typeof input === "object" && input !== null && "value" in input ? input.value : undefined;
}

/** The value of an output. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

/** Replaces the engine by mocks, which record everything and reject unexpected calls. */
export async function mockEngine(options: MockOptions = {}): Promise<Recorder> {
  const { outputs = {}, invokes = {}, stack = "test", preview = false } = options;
  const recorder = new Recorder();
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }: { type: string; name: string; inputs: object }) => ({
      id: `${name}-id`,
      state: preview ? {} : { ...inputs, ...outputs[type], ...outputs[`${type}::${name}`] },
    }),
    call: ({ token, inputs }) => {
      const invoke = invokes[token];
      if (invoke === undefined) throw new Error(`The test has no answer for the invoke ${token}.`);
      recorder.invoked.push({ token, inputs });
      return invoke(inputs);
    },
  };
  await pulumi.runtime.setMocks(mocks, "aks-istio", stack, preview);
  store().callbacks = hookRegistry(recorder);
  // Mocks get few details of a resource; the monitor that calls them gets the whole request.
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("The mocks are not installed.");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) =>
    register(request, (error: unknown, response: RegisterResourceResponse | undefined) => {
      if (response !== undefined) recorder.registered.push(seen(request, response.getUrn()));
      callback(error, response);
    });
  return recorder;
}

/** State that the SDK keeps for a program, but does not declare. */
function store(): { callbacks: unknown } {
  return (state as unknown as { getStore: () => { callbacks: unknown } }).getStore();
}

/** Replaces the server through which an engine calls back. */
function hookRegistry({ errorHooks }: Recorder) {
  return {
    registerErrorHook: (hook: pulumi.ErrorHook): Promise<void> => {
      const taken = errorHooks.has(hook.name);
      errorHooks.set(hook.name, hook);
      return taken
        ? Promise.reject(new Error(`There are two error hooks ${hook.name}.`))
        : Promise.resolve();
    },
    shutdown: () => undefined,
    awaitStackRegistrations: () => Promise.resolve(),
  };
}

function sourcesOf(request: RegisterResourceRequest): Record<string, readonly string[]> {
  const sources: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((found, key) => {
    sources[key] = found.getUrnsList();
  });
  return sources;
}

function seen(request: RegisterResourceRequest, urn: string): Registered {
  const inputs = request.getObject();
  const timeouts = request.getCustomtimeouts();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: inputs === undefined ? {} : pulumi.runtime.deserializeProperties(inputs),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    sources: sourcesOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    onError: request.getHooks()?.getOnErrorList() ?? [],
    timeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
  };
}
