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

/** A resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the resource that it is a child of; empty where it is nobody's. */
  readonly parent: string;
  readonly custom: boolean;
  /** As they were sent: unknowns as `pulumi.runtime.unknownValue`, secrets in the mark that `isSecret` looks for. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider it was given, `<urn>::<id>`; empty for the default one. */
  readonly provider: string;
  /** URNs of everything that it waits for. */
  readonly dependencies: readonly string[];
  /** URNs of what each of its inputs has values from. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Whether it was said itself to be protected; what it inherits shows only in an engine. */
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the resource that it was said to go with; empty where it goes by itself. */
  readonly deletedWith: string;
  /** Names of the hooks that are asked when an operation on it fails. */
  readonly onError: readonly string[];
  /** Timeouts as they were written, such as `60m`. */
  readonly timeouts: Readonly<Record<"create" | "update" | "delete", string>>;
}

export interface MockOptions {
  /** What a type, or one resource of it as `<type>::<name>`, has as outputs beyond its inputs. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The results of invokes, by token; any other invoke fails the test. */
  readonly invokes?: Readonly<Record<string, (inputs: unknown) => Record<string, unknown>>>;
  /** @default test */
  readonly stack?: string;
  /** Whether it is a first preview: nothing is known of a resource, not even what the program gave. */
  readonly preview?: boolean;
}

/** What a program has registered so far, in no particular order: registrations run side by side. */
export class Recorder {
  readonly registered: Registered[] = [];
  /** The inputs of every invoke. */
  readonly invoked: { readonly token: string; readonly inputs: unknown }[] = [];
  /** The hooks that were registered for errors, each name once as the engine wants it. */
  readonly errorHooks = new Map<string, pulumi.ErrorHook>();

  /** Waits until all that was asked for is registered. Without it there is nothing to see. */
  async settle(): Promise<void> {
    await pulumi.runtime.disconnect();
  }

  /** The one resource of a type and name. */
  one(type: string, name: string): Registered {
    const found = this.registered.filter((each) => each.type === type && each.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} resources are of type ${type} and named ${name}.`);
    }
    return only;
  }

  /** Type and name of everything, sorted: the identity that must not change from one version to the next. */
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
  if (!isSecret(input)) throw new Error("The input was sent in clear.");
  return typeof input === "object" && input !== null && "value" in input ? input.value : undefined;
}

/** What an output comes to. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

/** Puts mocks in the place of the engine: they record everything and refuse what no test has foreseen. */
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
      if (invoke === undefined) throw new Error(`No test has foreseen the invoke ${token}.`);
      recorder.invoked.push({ token, inputs });
      return invoke(inputs);
    },
  };
  await pulumi.runtime.setMocks(mocks, "aks-istio", stack, preview);
  store().callbacks = hookRegistry(recorder);
  // Mocks are told little of a resource; the monitor that asks them sees the whole request.
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("The mocks are not in place.");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) =>
    register(request, (error: unknown, response: RegisterResourceResponse | undefined) => {
      if (response !== undefined) recorder.registered.push(seen(request, response.getUrn()));
      callback(error, response);
    });
  return recorder;
}

/** What the SDK keeps for one program, which it does not declare. */
function store(): { callbacks: unknown } {
  return (state as unknown as { getStore: () => { callbacks: unknown } }).getStore();
}

/** In the place of the server through which an engine calls back. */
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
