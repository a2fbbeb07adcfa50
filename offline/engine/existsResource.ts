import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { unary } from "../grpc.ts";

/** The name of the call in the list of unanswered calls. */
export const EXISTS_RESOURCE = "pulumi:existsResource";

/** `unknown: true`, encoded by field number: the installed SDK does not have these messages yet. */
const UNKNOWN = Buffer.from([(2 << 3) | 0, 1]);

const service: ServiceDefinition = {
  existsResource: {
    path: "/pulumirpc.ResourceMonitor/ExistsResource",
    requestStream: false,
    responseStream: false,
    requestSerialize: (request: Buffer) => request,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (response: Buffer) => response,
    responseDeserialize: (bytes) => bytes,
  },
};

/** Answers "unknown" when a program asks whether a resource exists in the cloud, and calls `onAsked`. */
export function existsResourceService(
  onAsked: () => void,
): readonly [ServiceDefinition, UntypedServiceImplementation] {
  return [
    service,
    {
      existsResource: unary(() => {
        onAsked();
        return UNKNOWN;
      }),
    },
  ];
}
