import { explainRequest } from "../../../operate/explain/request/explainRequest.ts";
import { serviceHost } from "../../../operate/explain/request/hosts.ts";
import { authorityOf } from "../../../operate/explain/request/request.ts";
import type { Party } from "../../../operate/explain/request/request.ts";
import type { MeshService } from "../../../operate/explain/request/service.ts";
import type { World } from "../../../operate/explain/request/world.ts";
import { anyOf } from "../../../operate/explain/explanation.ts";
import type { Answer } from "../../../operate/explain/explanation.ts";
import type { Caller, MeshService as Shown } from "./mesh.ts";

/** A workload that may call, or be called. */
export interface Side {
  readonly party: Party;
  /** Whether its pods have a sidecar. */
  readonly isKnown: boolean;
}

/** Stand-ins for workloads that the plan does not contain, in a namespace that no rule names. */
const STRANGER: Omit<Party, "label" | "proxied"> = {
  namespace: "a-namespace-that-no-rule-names",
  labels: {},
  annotations: {},
  serviceAccount: "default",
  revision: undefined,
  address: undefined,
  pods: [],
};
const IN_MESH: Party = { ...STRANGER, label: "another workload of the mesh", proxied: "yes" };
const OUTSIDE: Party = { ...STRANGER, label: "a pod without a sidecar", proxied: "no" };

/** More calls than this are not evaluated: a page with them would not be readable, either. */
export const MAX_CALLS = 20_000;

type Callers = Pick<Shown, "anyInMesh" | "anyOutside" | "callers" | "unknown">;

/**
 * Who may call a service: by the verdicts of `explain request` for any method and path.
 *
 * @param clients the workloads of the plan
 * @param servers those of them that the service selects
 */
export function callersOf(
  service: MeshService,
  clients: readonly Side[],
  servers: readonly Side[],
  world: World,
): Callers {
  const nobody = (unknown: string): Callers => ({
    ...{ anyInMesh: "unknown", anyOutside: "unknown", callers: [], unknown },
  });
  if (servers.length === 0) return nobody("The service selects no workload of the plan.");
  const unclear = servers.find(({ isKnown }) => !isKnown);
  if (unclear !== undefined) {
    return nobody(`Whether ${unclear.party.label} has a sidecar is not known.`);
  }
  const [unread] = world.unread();
  if (unread !== undefined) return nobody(unread.reason);
  const own = servers.map(({ party }) => party.label);
  const others = clients.filter(({ party }) => !own.includes(party.label));
  const callers = others.flatMap(({ party, isKnown }): readonly Caller[] => {
    const { label } = party;
    if (!isKnown) {
      const because = "Whether it has a sidecar is not known.";
      return [{ label, answer: "unknown", because }];
    }
    const { answer, because } = verdictOn(party, service, world);
    return answer === "no" ? [] : [{ label, answer, because }];
  });
  return {
    anyInMesh: verdictOn(IN_MESH, service, world).answer,
    anyOutside: verdictOn(OUTSIDE, service, world).answer,
    callers,
    unknown: undefined,
  };
}

/** Whether requests of a client reach one of the ports of a service. */
function verdictOn(
  client: Party,
  { object, ports }: MeshService,
  world: World,
): { readonly answer: Answer; readonly because: string } {
  const host = serviceHost(object.metadata.name, object.metadata.namespace ?? "");
  const verdicts = ports.map(({ number, protocol }) => {
    const call = { protocol, host, port: number, method: undefined, path: undefined };
    return explainRequest(client, { ...call, authority: authorityOf(call) }, world).verdict;
  });
  const answer = anyOf(verdicts.map((verdict) => verdict.answer));
  const reasons = verdicts.filter((verdict) => verdict.answer === answer);
  return {
    answer,
    because: answer === "yes" ? "" : [...new Set(reasons.map(({ message }) => message))].join(" "),
  };
}
