import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { HttpMethod, KubeConfig, KubernetesObjectApi, V1ObjectMeta } from "@kubernetes/client-node";
import type { KubernetesObject, RequestContext, ResponseContext } from "@kubernetes/client-node";
import { waitFor } from "./waitFor.ts";

/** An object, sent and received unchanged. `KubernetesObject` declares only the metadata. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A request that the API server refused. */
export class Refused extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The API server's message while it registers a newly defined kind. */
const TOO_MANY_REQUESTS = 429;
const ATTEMPTS = 100;
const ATTEMPT_AFTER_MS = 200;

type Query = Readonly<Record<string, string | undefined>>;

/**
 * The client library's typed objects drop every field that the library does not know, including the mistakes that the
 * API server should find. Here objects are sent and received unchanged.
 */
class Objects extends KubernetesObjectApi {
  /** All warnings of the API server, from the headers of its responses. */
  readonly warnings: string[] = [];

  async send(
    method: HttpMethod,
    object: Resource,
    action: "create" | "delete" | "patch" | "read" | "list",
    query: Query,
    body?: { readonly type: string; readonly value: unknown },
    subresource = "",
  ): Promise<unknown> {
    const { apiVersion, kind } = object;
    const { name, namespace } = object.metadata;
    const metadata = Object.assign(new V1ObjectMeta(), { name, namespace });
    const path = await this.specUriPath({ apiVersion, kind, metadata }, action);
    const request = this.configuration.baseServer.makeRequestContext(path + subresource, method);
    request.setHeaderParam("Accept", "application/json");
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) request.setQueryParam(name, value);
    }
    if (body !== undefined) {
      request.setHeaderParam("Content-Type", body.type);
      request.setBody(JSON.stringify(body.value));
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.requestPromise(request);
      } catch (error) {
        const busy = error instanceof Refused && error.code === TOO_MANY_REQUESTS;
        if (!busy || attempt === ATTEMPTS) throw error;
        await sleep(ATTEMPT_AFTER_MS);
      }
    }
  }

  protected override async processResponse<T extends KubernetesObject>(
    response: ResponseContext,
  ): Promise<T> {
    const text = await response.body.text();
    const json = parse(text);
    const warning = response.headers["warning"];
    if (warning !== undefined) this.warnings.push(warning);
    if (response.httpStatusCode >= 300) {
      const message = (json as { message?: string } | undefined)?.message ?? text;
      throw new Refused(response.httpStatusCode, message);
    }
    // The shape depends on the API server; callers declare what they expect.
    return json as T;
  }

  async get(path: string): Promise<unknown> {
    const { baseServer } = this.configuration;
    return await this.requestPromise(baseServer.makeRequestContext(path, HttpMethod.GET));
  }

  forgetKinds(): void {
    this.apiVersionResourceCache = {};
  }
}

/** The library would open a connection for each of thousands of requests. */
class KeepAlive extends KubeConfig {
  private agent: Agent | undefined;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const made = context.getAgent();
    if (!(made instanceof Agent)) return;
    this.agent ??= new Agent({ ...made.options, keepAlive: true });
    context.setAgent(this.agent);
  }
}

/** A Kubernetes API server, used with full rights. */
export class Cluster {
  readonly kubeconfig: string;
  private readonly objects: Objects;

  private constructor(kubeconfig: string, objects: Objects) {
    this.kubeconfig = kubeconfig;
    this.objects = objects;
  }

  static of(kubeconfig: string): Cluster {
    const config = new KeepAlive();
    config.loadFromFile(kubeconfig);
    return new Cluster(kubeconfig, config.makeApiClient(Objects));
  }

  /** The API server's warnings so far: deprecations, and pods that violate a standard that is not enforced. */
  get warnings(): readonly string[] {
    return this.objects.warnings;
  }

  /** Server-side apply; the server rejects fields that its schema does not know. */
  async apply(object: Resource, { dryRun = false } = {}): Promise<Resource> {
    const query = {
      fieldManager: "aks-istio-test",
      fieldValidation: "Strict",
      force: "true",
      dryRun: dryRun ? "All" : undefined,
    };
    const body = { type: "application/apply-patch+yaml", value: object };
    return (await this.objects.send(HttpMethod.PATCH, object, "patch", query, body)) as Resource;
  }

  async applyAll(objects: readonly Resource[]): Promise<void> {
    for (const object of objects) await this.apply(object);
    await this.untilServed(objects);
  }

  /** Resolves once the API server serves the kinds that objects define. Controllers look for them only when they start. */
  async untilServed(objects: readonly Resource[]): Promise<void> {
    for (const object of objects.filter(isDefinition)) {
      await waitFor(`the kind of ${object.metadata.name}`, () => this.serves(object));
      this.forgetKinds();
    }
  }

  private async serves({ spec: { group, names, versions } }: Definition): Promise<boolean> {
    const served = versions.filter((version) => version.served);
    const lists = await Promise.all(
      served.map(({ name }) => this.objects.get(`/apis/${group}/${name}`)),
    );
    return lists.every((list) =>
      (list as { resources: { name: string }[] }).resources.some(
        ({ name }) => name === names.plural,
      ),
    );
  }

  /** Creates an object, or with `dryRun` returns the result of admission. */
  async create<T = Resource>(object: Resource, { dryRun = false } = {}): Promise<T> {
    const query = { fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    const body = { type: "application/json", value: object };
    return (await this.objects.send(HttpMethod.POST, object, "create", query, body)) as T;
  }

  async merge(object: Resource, change: unknown, subresource?: "status"): Promise<void> {
    const body = { type: "application/merge-patch+json", value: change };
    const path = subresource === undefined ? "" : `/${subresource}`;
    await this.objects.send(HttpMethod.PATCH, object, "patch", {}, body, path);
  }

  /** Undefined if there is no such object. */
  async find<T = Resource>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<T | undefined> {
    const object = { apiVersion, kind, metadata: { name, namespace } };
    try {
      return (await this.objects.send(HttpMethod.GET, object, "read", {})) as T;
    } catch (error) {
      if (error instanceof Refused && error.code === 404) return undefined;
      throw error;
    }
  }

  async list<T = Resource>(
    apiVersion: string,
    kind: string,
    { namespace, labels, fields }: { namespace?: string; labels?: string; fields?: string } = {},
  ): Promise<T[]> {
    const object = { apiVersion, kind, metadata: { name: "", namespace } };
    const query = { labelSelector: labels, fieldSelector: fields };
    const list = await this.objects.send(HttpMethod.GET, object, "list", query);
    return (list as { items: T[] }).items;
  }

  /** Deletes an object if it exists. */
  async remove(object: Resource, { now = false } = {}): Promise<void> {
    const query = { propagationPolicy: "Background", gracePeriodSeconds: now ? "0" : undefined };
    try {
      await this.objects.send(HttpMethod.DELETE, object, "delete", query);
    } catch (error) {
      if (!(error instanceof Refused && error.code === 404)) throw error;
    }
  }

  /** Binds a pod to a node, as a scheduler does. */
  async bind(pod: Resource, node: string): Promise<void> {
    const { name, namespace } = pod.metadata;
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace },
      target: { apiVersion: "v1", kind: "Node", name: node },
    };
    const body = { type: "application/json", value: binding };
    const target = { apiVersion: "v1", kind: "Pod", metadata: pod.metadata };
    await this.objects.send(HttpMethod.POST, target, "read", {}, body, "/binding");
  }

  /** Asks a pod to leave, as draining its node does. Resolves once its disruption budget allows that. */
  async evict({ metadata: { name, namespace } }: Resource): Promise<void> {
    const eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
    };
    const body = { type: "application/json", value: eviction };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace } };
    await this.objects.send(HttpMethod.POST, pod, "read", {}, body, "/eviction");
  }

  /** The API server's answer about itself. */
  async version(): Promise<{ readonly gitVersion: string }> {
    return (await this.objects.get("/version")) as { gitVersion: string };
  }

  /** Kinds are cached; custom resources that come or go change them. */
  forgetKinds(): void {
    this.objects.forgetKinds();
  }
}

interface Definition extends Resource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

function isDefinition(object: Resource): object is Definition {
  return object.kind === "CustomResourceDefinition";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
