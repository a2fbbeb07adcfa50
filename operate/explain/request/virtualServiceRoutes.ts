import { selects } from "../../../mesh/labelSelector.ts";
import { listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { wholeHost } from "./hosts.ts";
import { namespaceOf, placeOf, textsAt } from "./objects.ts";
import { every, negated, some } from "./reasoned.ts";
import type { Reasoned } from "./reasoned.ts";
import type { Call, Party, Target } from "./request.ts";
import type { Action, Route } from "./route.ts";
import { matchText } from "./textMatch.ts";
import type { TextMatch } from "./textMatch.ts";

/** The name of all sidecars in lists of gateways. */
export const MESH = "mesh";

/** Where a VirtualService is applied. */
export interface Applying {
  /** `mesh`, or the namespace and the name of a Gateway. */
  readonly gateway: string;
  readonly client: Party;
}

const LISTS: Readonly<Record<Call["protocol"], string>> = { HTTP: "http", TLS: "tls", TCP: "tcp" };

/** The gateways that a VirtualService is for: `mesh`, `shop/web`. */
export function gatewaysOf(service: ClusterObject): readonly string[] {
  const written = textsAt(service, "spec", "gateways");
  if (written.length === 0) return [MESH];
  return written.map((one) => wholeGateway(one, service));
}

function wholeGateway(name: string, service: ClusterObject): string {
  return name === MESH || name.includes("/") ? name : `${namespaceOf(service)}/${name}`;
}

/** The full names of the hosts of a VirtualService. */
export function hostsOf(service: ClusterObject): readonly string[] {
  return textsAt(service, "spec", "hosts").map((host) => wholeHost(host, namespaceOf(service)));
}

/**
 * The routes of a VirtualService for a request, in their order.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 */
export function virtualServiceRoutes(
  service: ClusterObject,
  call: Call,
  applying: Applying,
): readonly Route[] {
  const list = LISTS[call.protocol];
  return listAt(service, "spec", list).map((route, index) => {
    const matches = listAt(route, "match").map((match) => ({
      match,
      result: matchOf(match, service, call, applying),
    }));
    const whole: Reasoned =
      matches.length === 0
        ? { answer: "yes", because: "" }
        : some(matches.map(({ result }) => result));
    const matched = matches.find(({ result }) => result.answer === "yes")?.match;
    return {
      place: placeOf(service, `spec.${list}[${index}]`),
      match: whole,
      action: actionOf(route, matched, service, call),
    };
  });
}

function matchOf(
  match: unknown,
  service: ClusterObject,
  call: Call,
  { gateway, client }: Applying,
): Reasoned {
  const parts: Reasoned[] = [];
  const known = (isMet: boolean, because: string) =>
    parts.push({ answer: isMet ? "yes" : "no", because });
  const gateways = textsAt(match, "gateways").map((one) => wholeGateway(one, service));
  if (gateways.length > 0) {
    known(
      gateways.includes(gateway),
      `gateways are ${gateways.join(", ")}, and this is ${gateway}`,
    );
  }
  const port = numberAt(match, "port");
  if (port !== undefined) {
    known(port === call.port, `port requires ${port}, and the request has ${call.port}`);
  }
  const labels = valueAt(match, "sourceLabels") as Readonly<Record<string, string>> | undefined;
  if (labels !== undefined) {
    known(
      selects({ matchLabels: labels }, client.labels),
      `sourceLabels require ${JSON.stringify(labels)}`,
    );
  }
  const from = textAt(match, "sourceNamespace");
  if (from !== undefined) {
    known(
      from === client.namespace,
      `sourceNamespace requires ${from}, and the client's is ${client.namespace ?? "none"}`,
    );
  }
  const sni = textsAt(match, "sniHosts");
  if (sni.length > 0) {
    const isMet = sni.some(
      (one) =>
        one === "*" ||
        one === call.host ||
        (one.startsWith("*") && call.host.endsWith(one.slice(1))),
    );
    known(isMet, `sniHosts require ${sni.join(" or ")}, and the request has ${call.host}`);
  }
  const text = (field: string, value: string | undefined) => {
    const wanted = valueAt(match, field) as TextMatch | undefined;
    if (wanted === undefined) return;
    const ignoresCase = field === "uri" && valueAt(match, "ignoreUriCase") === true;
    parts.push(
      ignoresCase
        ? matchText(field, lowerCase(wanted), value?.toLowerCase())
        : matchText(field, wanted, value),
    );
  };
  text("uri", call.path);
  text("method", call.method);
  text("authority", call.authority);
  text("scheme", gateway === MESH ? "http" : undefined);
  for (const field of ["headers", "queryParams", "withoutHeaders"]) {
    for (const name of Object.keys(valueAt(match, field) ?? {})) {
      const because = `${field} is about ${name}, which is not known`;
      const one: Reasoned = { answer: "unknown", because };
      parts.push(field === "withoutHeaders" ? negated(one) : one);
    }
  }
  if (listAt(match, "destinationSubnets").length > 0) {
    parts.push({ answer: "unknown", because: "destinationSubnets are not evaluated" });
  }
  return every(parts);
}

/** A regular expression keeps its case, as in Istio. */
function lowerCase({ exact, prefix, ...rest }: TextMatch): TextMatch {
  return {
    ...rest,
    ...(exact === undefined ? {} : { exact: exact.toLowerCase() }),
    ...(prefix === undefined ? {} : { prefix: prefix.toLowerCase() }),
  };
}

function actionOf(route: unknown, match: unknown, service: ClusterObject, call: Call): Action {
  const redirect = valueAt(route, "redirect");
  if (redirect !== undefined) {
    return {
      kind: "answer",
      status: numberAt(redirect, "redirectCode") ?? 301,
      why: "redirects it",
    };
  }
  const response = numberAt(route, "directResponse", "status");
  if (response !== undefined) {
    return { kind: "answer", status: response, why: "answers it directly" };
  }
  const delegate = textAt(route, "delegate", "name");
  if (delegate !== undefined) {
    return {
      kind: "open",
      why: `It delegates to the VirtualService ${delegate}, which is not evaluated.`,
    };
  }
  const abort = valueAt(route, "fault", "abort");
  if (abort !== undefined) {
    // Without a percentage, no request is aborted.
    const share = numberAt(abort, "percentage", "value") ?? 0;
    if (share >= 100) {
      return {
        kind: "answer",
        status: numberAt(abort, "httpStatus") ?? 503,
        why: "injects a fault",
      };
    }
    if (share > 0) {
      return { kind: "open", why: `It injects a fault into ${share}% of the requests.` };
    }
  }
  return {
    kind: "forward",
    targets: listAt(route, "route").map((one) => targetOf(one, service)),
    call: rewritten(call, route, match),
  };
}

function targetOf(route: unknown, service: ClusterObject): Target {
  return {
    host: wholeHost(textAt(route, "destination", "host") ?? "", namespaceOf(service)),
    port: numberAt(route, "destination", "port", "number"),
    subset: textAt(route, "destination", "subset"),
    weight: numberAt(route, "weight") ?? 0,
  };
}

/** The request as it arrives: a rewrite replaces the prefix that matched. */
function rewritten(call: Call, route: unknown, match: unknown): Call {
  const authority = textAt(route, "rewrite", "authority");
  const uri = textAt(route, "rewrite", "uri");
  const regex = valueAt(route, "rewrite", "uriRegexRewrite");
  const host =
    authority === undefined ? {} : { host: authority.split(":")[0] ?? authority, authority };
  if (regex !== undefined) return { ...call, ...host, path: undefined };
  if (uri === undefined || call.path === undefined) return { ...call, ...host };
  const exact = textAt(match, "uri", "exact");
  const prefix = textAt(match, "uri", "prefix") ?? exact ?? "/";
  if (textAt(match, "uri", "regex") !== undefined) return { ...call, ...host, path: undefined };
  return { ...call, ...host, path: uri + call.path.slice(prefix.length) };
}
