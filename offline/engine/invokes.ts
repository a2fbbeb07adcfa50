import { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Assumptions } from "./assumptions.ts";
import { messageOf } from "../errors.ts";
import { inputsOf } from "./goal.ts";
import { DECODE_YAML, decodeYaml } from "../../manifests/decodeYaml.ts";
import type { Registry } from "./registry.ts";
import type { Transforms } from "./transforms.ts";
import { containsUnknown, openSecrets } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** Tells a program's runtime that a result is not known; see unknowns.js. */
const UNKNOWN_RESULT = "aks-istio:unknown-result";

/** How an SDK turns a resource reference that it received back into a resource. */
const GET_RESOURCE = "pulumi:pulumi:getResource";

/** Answers a program's calls to providers with an assumed result, or with "unknown". */
export class Invokes {
  /** Number of calls of each token that had no assumed result. */
  readonly unanswered = new Map<string, number>();

  readonly #registry: Registry;
  readonly #assumptions: Assumptions;
  readonly #transforms: Transforms;

  constructor(registry: Registry, assumptions: Assumptions, transforms: Transforms) {
    this.#registry = registry;
    this.#assumptions = assumptions;
    this.#transforms = transforms;
  }

  async invoke(request: proto.ResourceInvokeRequest): Promise<InvokeResponse> {
    const token = request.getTok();
    if (token === GET_RESOURCE) return this.#resourceState(request);
    if (request.getProvider() === "") this.#registry.requireDefaultProvider(token, token);
    const args = await this.#transforms.applyToInvoke(token, request.getArgs() ?? new Struct());
    const response = new InvokeResponse();
    response.setReturn(Struct.fromJavaScript(this.#answer(token, inputsOf(args))));
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

  call(request: proto.ResourceCallRequest): CallResponse {
    const response = new CallResponse();
    const args = inputsOf(request.getArgs() ?? new Struct());
    response.setReturn(Struct.fromJavaScript(this.#answer(request.getTok(), args)));
    return response;
  }

  leaveUnanswered(token: string): void {
    this.unanswered.set(token, (this.unanswered.get(token) ?? 0) + 1);
  }

  #answer(token: string, args: Properties): Properties {
    const open = openSecrets(args);
    const answer = this.#assumptions.invoke(token, open) ?? ownAnswer(token, open);
    if (answer === undefined) this.leaveUnanswered(token);
    return answer ?? { [UNKNOWN_RESULT]: true };
  }
}

/** Answers calls that do not need a provider. */
function ownAnswer(token: string, { text }: Properties): Properties | undefined {
  if (token !== DECODE_YAML || typeof text !== "string" || containsUnknown(text)) return undefined;
  try {
    return { result: decodeYaml(text) };
  } catch (error) {
    throw new Error(`${token}: ${messageOf(error)}`);
  }
}
