import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { unary } from "../grpc.ts";

/** What a preview calls it where it says what it could not answer. */
export const EXISTS_RESOURCE = "pulumi:existsResource";

/** `unknown: true`, by its field's number: the SDK that is installed here does not know these messages yet. */
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

/** Answers "unknown" when a program asks whether something exists in the cloud; `onAsked` is told. */
export function existsResource(
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
