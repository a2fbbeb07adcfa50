import { isObject } from "../offline/plan/values.ts";
import { DECODE_YAML, decodeYaml } from "../manifests/decodeYaml.ts";
import type { Properties, Value } from "../offline/plan/values.ts";
import { textAt } from "./azure/access.ts";
import { suffixOf } from "./azure/identifiers.ts";
import type { Checked, StandIn, State, Subject } from "./standIn.ts";

/**
 * Stands in for a Kubernetes API server: it accepts every object unchanged and without validation, and gives a Service
 * of type LoadBalancer an address at once.
 */
export class Objects implements StandIn {
  readonly packageName = "kubernetes";
  readonly #objects = new Map<string, State>();

  configure(): void {
    // Every cluster has them.
  }

  check(
    { type, name }: Subject,
    news: Properties,
    { olds, seed }: { readonly olds: Properties | undefined; readonly seed: string },
  ): Checked {
    const metadata = objectOf(news["metadata"]);
    if (metadata["name"] !== undefined || metadata["generateName"] !== undefined) {
      return { inputs: withKind(type, news), problems: [] };
    }
    const kept = objectOf(olds?.["metadata"])["name"];
    const named = { ...metadata, name: kept ?? `${name}-${suffixOf(seed, 8)}` };
    return { inputs: withKind(type, { ...news, metadata: named }), problems: [] };
  }

  replaces(_: Subject, path: string): boolean {
    return /^(metadata\.(name|namespace)|apiVersion|kind)$/.test(path);
  }

  preview(_: Subject, inputs: Properties): Properties {
    return inputs;
  }

  /** Server-side apply accepts an object that already exists. */
  create({ type }: Subject, inputs: Properties): State {
    const [name, namespace] = ["name", "namespace"].map((key) => textAt(inputs, "metadata", key));
    const path = [namespace, name].filter((part) => part !== "").join("/");
    return this.#put(path, type, inputs);
  }

  read({ type }: Subject, id: string): State | undefined {
    return this.#objects.get(`${type} ${id}`);
  }

  update({ type }: Subject, id: string, news: Properties): State {
    return this.#put(id, type, news);
  }

  delete({ type }: Subject, id: string): void {
    this.#objects.delete(`${type} ${id}`);
  }

  invoke(token: string, { text }: Properties): Properties {
    if (token === DECODE_YAML && typeof text === "string") return { result: decodeYaml(text) };
    throw new Error(`${token} has no stand-in.`);
  }

  /** As if the cluster were gone. */
  clear(): void {
    this.#objects.clear();
  }

  get objects(): readonly string[] {
    return [...this.#objects.keys()].sort();
  }

  #put(id: string, type: string, inputs: Properties): State {
    const state = { id, outputs: { ...inputs, ...statusOf(type) } };
    this.#objects.set(`${type} ${id}`, state);
    return state;
  }
}

/** Splits `kubernetes:apps/v1:Deployment` into `apps/v1` and `Deployment`. */
function withKind(type: string, inputs: Properties): Properties {
  const [, group = "", kind = ""] = type.split(":");
  return { apiVersion: group.replace(/^core\//, ""), kind, ...inputs };
}

function statusOf(type: string): Properties {
  return /:Service(Patch)?$/.test(type)
    ? { status: { loadBalancer: { ingress: [{ ip: "10.224.0.10" }] } } }
    : type.endsWith(":StaticGatewayConfiguration")
      ? { status: { egressIpPrefix: "203.0.113.64/31" } }
      : {};
}

function objectOf(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}
