import { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Assumptions } from "./assumptions.ts";
import { CALLS } from "../contents/calls.ts";
import type { Contents } from "../contents/contents.ts";
import type { NotRendered } from "../../manifests/tools/rendered.ts";
import { messageOf } from "../errors.ts";
import { inputsOf } from "./goal.ts";
import type { Registry } from "./registry.ts";
import type { Transforms } from "./transforms.ts";
import { openSecrets } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** Tells a program's runtime that a result is not known; see unknowns.js. */
const UNKNOWN_RESULT = "aks-istio:unknown-result";

/** How an SDK turns a resource reference that it received back into a resource. */
const GET_RESOURCE = "pulumi:pulumi:getResource";

/** A call without an answer. */
export interface Unanswered {
  readonly token: string;
  /** The reason, if it is a particular one. */
  readonly why?: NotRendered;
}

export interface InvokesOptions {
  readonly assumptions: Assumptions;
  /** Where the program runs, and relative paths start. */
  readonly programDirectory: string;
}

/** Answers a program's calls to providers with an assumed result, with one that needs no provider, or with "unknown". */
export class Invokes {
  readonly unanswered: Unanswered[] = [];

  readonly #registry: Registry;
  readonly #assumptions: Assumptions;
  readonly #programDirectory: string;
  readonly #transforms: Transforms;

  constructor(
    registry: Registry,
    { assumptions, programDirectory }: InvokesOptions,
    transforms: Transforms,
  ) {
    this.#registry = registry;
    this.#assumptions = assumptions;
    this.#programDirectory = programDirectory;
    this.#transforms = transforms;
  }

  async invoke(request: proto.ResourceInvokeRequest): Promise<InvokeResponse> {
    const token = request.getTok();
    if (token === GET_RESOURCE) return this.#resourceState(request);
    if (request.getProvider() === "") this.#registry.requireDefaultProvider(token, token);
    const args = await this.#transforms.applyToInvoke(token, request.getArgs() ?? new Struct());
    const response = new InvokeResponse();
    response.setReturn(Struct.fromJavaScript(await this.#answer(token, inputsOf(args))));
    return response;
  }

  #resourceState(request: proto.ResourceInvokeRequest): InvokeResponse {
    const { urn } = inputsOf(request.getArgs() ?? new Struct());
    const resource = typeof urn === "string" ? this.#registry.resources.get(urn) : undefined;
    if (resource === undefined) throw new Error(`unknown resource ${JSON.stringify(urn)}`);
    const response = new InvokeResponse();
    response.setReturn(
      Struct.fromJavaScript({ urn: resource.urn, id: resource.id ?? "", state: resource.outputs }),
    );
    return response;
  }

  async call(request: proto.ResourceCallRequest): Promise<CallResponse> {
    const response = new CallResponse();
    const args = inputsOf(request.getArgs() ?? new Struct());
    response.setReturn(Struct.fromJavaScript(await this.#answer(request.getTok(), args)));
    return response;
  }

  leaveUnanswered(token: string, why?: NotRendered): void {
    this.unanswered.push({ token, ...(why === undefined ? {} : { why }) });
  }

  async #answer(token: string, args: Properties): Promise<Properties> {
    const open = openSecrets(args);
    const assumed = this.#assumptions.invoke(token, open);
    if (assumed !== undefined) return assumed;
    const contents = await this.#contents(token, open);
    if (contents !== undefined && "objects" in contents) return { result: contents.objects };
    this.leaveUnanswered(token, contents);
    return { [UNKNOWN_RESULT]: true };
  }

  /** The answer to a call that asks for Kubernetes objects. */
  async #contents(token: string, args: Properties): Promise<Contents | undefined> {
    const context = { directory: this.#programDirectory, namespace: "default" };
    try {
      return await CALLS.get(token)?.(args, context, token);
    } catch (error) {
      throw new Error(`${token}: ${messageOf(error)}`);
    }
  }
}
