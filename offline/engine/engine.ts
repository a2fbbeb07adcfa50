import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary } from "../grpc.ts";
import type { Diagnostic } from "../plan/plan.ts";
import type { SecretMask } from "../plan/secretMask.ts";

const SEVERITIES: Readonly<Record<number, Diagnostic["severity"]>> = {
  [engineProto.LogSeverity.INFO]: "info",
  [engineProto.LogSeverity.WARNING]: "warning",
  [engineProto.LogSeverity.ERROR]: "error",
};

/** The engine's logging service, as programs and packs see it. Drops debug messages and masks secrets. */
export class Engine {
  readonly diagnostics: Diagnostic[] = [];
  readonly service = EngineService;
  readonly #mask: SecretMask;
  #root = "";

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  get implementation(): IEngineServer {
    return {
      log: unary((request: engineProto.LogRequest) => {
        const severity = SEVERITIES[request.getSeverity()];
        if (severity !== undefined && !request.getEphemeral()) {
          this.report(severity, request.getMessage(), request.getUrn());
        }
        return new Empty();
      }),
      getRootResource: unary(() => {
        const response = new engineProto.GetRootResourceResponse();
        response.setUrn(this.#root);
        return response;
      }),
      setRootResource: unary((request: engineProto.SetRootResourceRequest) => {
        this.#root = request.getUrn();
        return new engineProto.SetRootResourceResponse();
      }),
      startDebugging: unary(() => new Empty()),
      requirePulumiVersion: unary(() => new engineProto.RequirePulumiVersionResponse()),
    };
  }

  report(severity: Diagnostic["severity"], message: string, urn = ""): void {
    const masked = this.#mask.hide(message);
    this.diagnostics.push({ severity, message: masked, ...(urn === "" ? {} : { urn }) });
  }
}
