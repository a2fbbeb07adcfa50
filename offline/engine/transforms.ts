import type { Callback, CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import { CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import {
  TransformInvokeRequest,
  TransformInvokeResponse,
  TransformRequest,
  TransformResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Goal } from "./goal.ts";
import { call, channelOptions, insecure } from "../grpc.ts";
import type { Urn } from "../plan/urn.ts";

/**
 * The transforms that a program registered, and the callbacks that run them.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/
 */
export class Transforms {
  readonly #ofStack: Callback[] = [];
  readonly #ofInvokes: Callback[] = [];
  readonly #ofResources = new Map<
    Urn,
    { readonly own: readonly Callback[]; readonly parent: Urn }
  >();
  readonly #clients = new Map<string, CallbacksClient>();

  addToStack(callback: Callback): void {
    this.#ofStack.push(callback);
  }

  addToInvokes(callback: Callback): void {
    this.#ofInvokes.push(callback);
  }

  /** Records a resource's transforms, which also apply to its descendants. */
  addToResource(urn: Urn, own: readonly Callback[], parent: Urn): void {
    this.#ofResources.set(urn, { own, parent });
  }

  /** Runs a resource's own transforms, then its ancestors', then the stack's. */
  async apply(goal: Goal, own: readonly Callback[]): Promise<Goal> {
    const callbacks = [...own, ...this.#ofAncestors(goal.parent), ...this.#ofStack];
    let current = goal;
    for (const callback of callbacks) current = await this.#transform(current, callback);
    return current;
  }

  /** Runs the stack's transforms on an invoke's arguments. */
  async applyToInvoke(token: string, args: Struct): Promise<Struct> {
    let current = args;
    for (const callback of this.#ofInvokes) {
      const message = new TransformInvokeRequest();
      message.setToken(token);
      message.setArgs(current);
      const bytes = await this.#call(callback, message.serializeBinary());
      current = TransformInvokeResponse.deserializeBinary(bytes).getArgs() ?? current;
    }
    return current;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #ofAncestors(parent: Urn): Callback[] {
    const ancestor = this.#ofResources.get(parent);
    return ancestor === undefined ? [] : [...ancestor.own, ...this.#ofAncestors(ancestor.parent)];
  }

  async #transform(goal: Goal, callback: Callback): Promise<Goal> {
    const message = new TransformRequest();
    message.setType(goal.type);
    message.setName(goal.name);
    message.setCustom(goal.custom);
    message.setParent(goal.parent);
    message.setProperties(goal.properties);
    message.setOptions(goal.options);
    const bytes = await this.#call(callback, message.serializeBinary());
    const response = TransformResponse.deserializeBinary(bytes);
    return {
      ...goal,
      properties: response.getProperties() ?? goal.properties,
      options: response.getOptions() ?? goal.options,
    };
  }

  async #call(callback: Callback, message: Uint8Array): Promise<Uint8Array> {
    const invoke = new CallbackInvokeRequest();
    invoke.setToken(callback.getToken());
    invoke.setRequest(message);
    const client = this.#client(callback.getTarget());
    const response = await call<CallbackInvokeResponse>((done) => client.invoke(invoke, done));
    return response.getResponse_asU8();
  }

  #client(target: string): CallbacksClient {
    const known = this.#clients.get(target);
    if (known !== undefined) return known;
    const client = new CallbacksClient(target, insecure, channelOptions);
    this.#clients.set(target, client);
    return client;
  }
}
