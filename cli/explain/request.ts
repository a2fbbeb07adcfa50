import { InvalidArgumentError } from "commander";
import { UsageError } from "../../offline/errors.ts";
import { labelOf } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import { KINDS } from "../../operate/cluster/kinds.ts";
import type { Explanation } from "../../operate/explain/explanation.ts";
import { podsOf } from "../../operate/explain/pod/podInQuestion.ts";
import { WORKLOAD_KINDS } from "../../operate/explain/pod/subject.ts";
import {
  explainIngress,
  explainRequest,
  gatewaysFor,
} from "../../operate/explain/request/explainRequest.ts";
import { serviceFor } from "../../operate/explain/request/forward.ts";
import { serversOf, serves } from "../../operate/explain/request/gatewayServer.ts";
import { calledHost, serviceHost } from "../../operate/explain/request/hosts.ts";
import { partyOf } from "../../operate/explain/request/parties.ts";
import { authorityOf } from "../../operate/explain/request/request.ts";
import type { Call, Party } from "../../operate/explain/request/request.ts";
import { podsBehind, servicesFrom } from "../../operate/explain/request/service.ts";
import { REQUEST_KINDS, World } from "../../operate/explain/request/world.ts";
import { readState } from "../operate/clusterOptions.ts";
import type { ClusterFlags } from "../operate/clusterOptions.ts";
import { findObject, namesKind, parseReference } from "./reference.ts";

export interface RequestFlags extends ClusterFlags {
  readonly namespace: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly host?: string;
}

/** The parser of `--port`. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError(`"${text}" is no port. Use a number from 1 to 65535.`);
}

/** @throws UsageError if one of the two ends is none, or does not exist */
export async function explainRequestOf(
  from: string,
  to: string,
  flags: RequestFlags,
): Promise<Explanation> {
  const ends = [
    parseReference(from, flags.namespace, "apps/Deployment"),
    parseReference(to, flags.namespace, "Service"),
  ].flatMap((end) => end?.kind ?? []);
  const { state } = await readState(flags, [...new Set([...REQUEST_KINDS, ...ends])]);
  const world = new World(state);
  const [first = "", gateway] = from.split("/");
  if (first === "ingress") {
    const host = flags.host ?? to;
    if (!host.includes(".")) {
      throw new UsageError(
        `"${host}" is no host of a gateway. Name one with --host, such as shop.example.com.`,
      );
    }
    const servers = gatewaysFor(gateway, host, world)
      .flatMap((one) => serversOf(one, world))
      .filter((server) => serves(server, host));
    const port = flags.port ?? (servers.some(({ tls }) => tls !== "none") ? 443 : 80);
    const isTls = servers.some((server) => server.port === port && server.tls !== "none");
    const call = callOf(flags, host, port, isTls ? "TLS" : "HTTP");
    return explainIngress(gateway, call, world);
  }
  const client = clientOf(from, flags.namespace, state);
  const host = hostOf(to, client, flags.namespace, world);
  const service = serviceFor(world.services, host);
  const ports = service?.ports ?? [];
  const [only, ...others] = ports;
  if (flags.port === undefined && others.length > 0) {
    const list = ports.map(({ number, name }) => `${number} (${name})`).join(", ");
    throw new UsageError(`${to} has several ports: ${list}. Name one with --port.`);
  }
  const port = flags.port ?? only?.number ?? 80;
  const protocol =
    ports.find(({ number }) => number === port)?.protocol ?? (port === 443 ? "TLS" : "HTTP");
  const call = callOf(flags, host, port, protocol);
  return explainRequest(client, call, world);
}

function callOf(
  { method, path }: RequestFlags,
  host: string,
  port: number,
  protocol: Call["protocol"],
): Call {
  const [plain = "/"] = path.split(/[?#]/);
  const call = { protocol, host, port, method: method.toUpperCase(), path: plain };
  return { ...call, authority: authorityOf(call) };
}

/** @throws UsageError */
function clientOf(from: string, namespace: string, state: ClusterState): Party {
  const reference = parseReference(from, namespace, "apps/Deployment");
  if (reference === undefined) throw notAnEnd(from);
  if (reference.kind === "Service") {
    const unread = state.notRead("Pod");
    if (unread !== undefined) throw new UsageError(`${unread.reason} ${unread.fix}`);
    const [service] = servicesFrom([findObject(reference, state)]);
    const pods = service === undefined ? [] : podsBehind(service, state.all("Pod"));
    const [pod] = pods;
    if (pod === undefined) {
      throw new UsageError(`${from} selects no pod that could send a request.`);
    }
    return partyOf(pod, pods);
  }
  if (!WORKLOAD_KINDS.includes(KINDS[reference.kind].kind)) throw notAnEnd(from);
  const object = findObject(reference, state);
  return partyOf(object, podsOf(object, state) ?? []);
}

/** @throws UsageError */
function hostOf(to: string, client: Party, namespace: string, world: World): string {
  if (!to.includes("/")) {
    const isService = (host: string) => serviceFor(world.services, host)?.object.kind === "Service";
    const where = to.includes(".") ? (client.namespace ?? namespace) : namespace;
    return calledHost(to, where, isService);
  }
  const reference = parseReference(to, namespace, "Service");
  if (reference === undefined) throw notAnEnd(to);
  const object = findObject(reference, world.state);
  const service = object.kind === "Service" ? object : onlyServiceOf(object, to, world);
  return serviceHost(service.metadata.name, service.metadata.namespace ?? "");
}

/** @throws UsageError unless exactly one Service selects the pods */
function onlyServiceOf(object: ClusterObject, to: string, world: World): ClusterObject {
  const pods = podsOf(object, world.state) ?? [];
  const selecting = world.services.filter(
    (service) => service.object.kind === "Service" && podsBehind(service, pods).length > 0,
  );
  const [only, ...others] = selecting;
  if (only !== undefined && others.length === 0) return only.object;
  const names = selecting.map(({ object: one }) => labelOf(one)).join(", ");
  throw new UsageError(
    only === undefined
      ? `No Service selects pods of ${to}, so no request reaches them by a name.`
      : `Several Services select pods of ${to}: ${names}. Name one.`,
  );
}

function notAnEnd(text: string): UsageError {
  const wrong = namesKind(text) ? "has no pods" : "is not the name of an object";
  return new UsageError(
    `"${text}" ${wrong}. Use pod/NAME, deployment/NAME, service/NAME, NAMESPACE/NAME, a host, or ingress for a client outside.`,
  );
}
