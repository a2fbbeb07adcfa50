import type { Answer } from "../explanation.ts";
import type { Call } from "./request.ts";

/** What the proxy of the receiver knows about a request when it evaluates authorization policies. */
export interface AuthorizationContext {
  /** Whose policies these are: `Deployment shop/backend`. */
  readonly receiver: string;
  readonly call: Call;
  /** Without the prefix `spiffe://`: `cluster.local/ns/shop/sa/frontend`; undefined over plain text. */
  readonly principal: string | undefined;
  /** The address of the sender, and of the client before all gateways. Undefined if it is not known. */
  readonly sourceAddress: string | undefined;
  readonly remoteAddress: string | undefined;
  /** The port of the pod, not that of the Service. */
  readonly port: number | undefined;
  /** Whether a request can have a valid token: no, if no RequestAuthentication selects the receiver. */
  readonly mayHaveToken: Answer;
}
