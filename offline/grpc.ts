import { Server, ServerCredentials, credentials, status } from "@grpc/grpc-js";
import type {
  ServiceError,
  UntypedServiceImplementation,
  handleUnaryCall,
  ServiceDefinition,
} from "@grpc/grpc-js";
import { messageOf } from "./errors.ts";

/** The Pulumi engine's own limit; a plan of a few thousand resources exceeds gRPC's default of 4 MiB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const LOOPBACK = "127.0.0.1";

export const channelOptions = {
  // Host, program and pack run on one machine, so their traffic must not leave it.
  "grpc.enable_http_proxy": 0,
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};

/**
 * Environment variables that make the SDK of a program or a pack bypass the proxy for the host. Only gRPC reads them,
 * so all other traffic uses its proxy as before.
 */
export function proxyBypass(env: NodeJS.ProcessEnv): { readonly no_grpc_proxy: string } {
  // gRPC reads no_proxy only if no_grpc_proxy is empty.
  const own = [env["no_grpc_proxy"], env["no_proxy"]].find((value) => value);
  return { no_grpc_proxy: own === undefined ? LOOPBACK : `${own},${LOOPBACK}` };
}

export const insecure = credentials.createInsecure();

export interface RunningServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  readonly stop: () => void;
}

/** Starts a server on a free port of the loopback interface. */
export async function serve(
  services: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[],
): Promise<RunningServer> {
  const server = new Server(channelOptions);
  for (const [definition, implementation] of services) {
    server.addService(definition, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${LOOPBACK}:0`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    address: `${LOOPBACK}:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

/** Turns a function into a unary handler. If it throws, the call fails with the error's message. */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: messageOf(error) });
        },
      );
  };
}

/** An error that a server returned instead of a response. */
export class CallError extends Error {
  readonly code: status;

  constructor({ code, details }: ServiceError) {
    super(details);
    this.code = code;
  }
}

/** A client's call that still needs its callback. */
export type Send<Response> = (
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** A client's call as a promise; it rejects with a CallError. */
export function call<Response>(send: Send<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(new CallError(error));
    });
  });
}
