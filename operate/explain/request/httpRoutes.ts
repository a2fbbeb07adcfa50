import { listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { hostCovers, mostSpecific, serviceHost } from "./hosts.ts";
import { namespaceOf, oldestFirst, placeOf, textsAt } from "./objects.ts";
import { every, some } from "./reasoned.ts";
import type { Reasoned } from "./reasoned.ts";
import type { Call } from "./request.ts";
import type { Action, Route } from "./route.ts";
import { matchText } from "./textMatch.ts";

/** What a route of the Gateway API is attached to. */
export interface Parent {
  readonly kind: "Gateway" | "Service";
  readonly namespace: string;
  readonly name: string;
  /** The listener of a Gateway. */
  readonly section?: string;
  readonly port: number;
  /** Of the listener, or the Service. */
  readonly hosts: readonly string[];
  /** Whether routes of a namespace may attach. */
  readonly allows: (namespace: string) => boolean;
}

/** The order of matches: the most specific path first. */
interface Ranked extends Route {
  readonly rank: number;
}

/**
 * The routes of HTTPRoutes that are attached to a parent, of those with the most specific host, the most specific first:
 * exact paths, then the longest prefix.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function httpRoutes(
  routes: readonly ClusterObject[],
  parent: Parent,
  call: Call,
): readonly Route[] {
  const attached = oldestFirst(routes).filter((route) => isAttached(route, parent));
  return mostSpecific(attached, call.host, (route) => hostsOf(route, parent))
    .flatMap((route) =>
      listAt(route, "spec", "rules").flatMap((rule, index): readonly Ranked[] => {
        const place = placeOf(route, `spec.rules[${index}]`);
        const matches = listAt(rule, "matches");
        return (matches.length === 0 ? [{}] : matches).map((match) => ({
          place,
          match: matchOf(match, call),
          action: actionOf(rule, route, match, call),
          rank: rankOf(match),
        }));
      }),
    )
    .sort((a, b) => b.rank - a.rank);
}

/**
 * The hosts of a route on its parent: where both say some, those that both match. A Service has its own.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec
 */
function hostsOf(route: ClusterObject, { kind, hosts }: Parent): readonly string[] {
  const written = textsAt(route, "spec", "hostnames");
  if (written.length === 0 || kind === "Service") return hosts;
  return written.flatMap((one) => hosts.map((host) => (hostCovers(one, host) ? host : one)));
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#parentreference */
function isAttached(route: ClusterObject, parent: Parent): boolean {
  if (!parent.allows(namespaceOf(route))) return false;
  return listAt(route, "spec", "parentRefs").some(
    (one) =>
      [undefined, parent.section].includes(textAt(one, "sectionName")) &&
      [undefined, parent.port].includes(numberAt(one, "port")) &&
      (textAt(one, "kind") ?? "Gateway") === parent.kind &&
      textAt(one, "name") === parent.name &&
      (textAt(one, "namespace") ?? namespaceOf(route)) === parent.namespace,
  );
}

function rankOf(match: unknown): number {
  const path = textAt(match, "path", "value") ?? "/";
  return textAt(match, "path", "type") === "Exact" ? Infinity : path.length;
}

function matchOf(match: unknown, call: Call): Reasoned {
  const parts: Reasoned[] = [];
  const path = textAt(match, "path", "value");
  if (path !== undefined) {
    const type = textAt(match, "path", "type") ?? "PathPrefix";
    if (type === "Exact") parts.push(matchText("path", { exact: path }, call.path));
    else if (type === "PathPrefix") parts.push(prefix(path, call.path));
    else parts.push(matchText("path", { regex: path }, call.path));
  }
  const method = textAt(match, "method");
  if (method !== undefined) parts.push(matchText("method", { exact: method }, call.method));
  for (const field of ["headers", "queryParams"]) {
    for (const one of listAt(match, field)) {
      const name = textAt(one, "name") ?? "";
      parts.push({ answer: "unknown", because: `${field} is about ${name}, which is not known` });
    }
  }
  return every(parts);
}

/** A prefix consists of whole segments. */
function prefix(path: string, called: string | undefined): Reasoned {
  const base = path.replace(/\/$/, "");
  if (base === "") return { answer: "yes", because: "" };
  return some([
    matchText("path", { exact: base }, called),
    matchText("path", { prefix: `${base}/` }, called),
  ]);
}

function actionOf(rule: unknown, route: ClusterObject, match: unknown, call: Call): Action {
  const filters = listAt(rule, "filters");
  const redirect = filters.find((filter) => textAt(filter, "type") === "RequestRedirect");
  if (redirect !== undefined) {
    const status = numberAt(redirect, "requestRedirect", "statusCode") ?? 302;
    return { kind: "answer", status, why: "redirects it" };
  }
  if (filters.some((filter) => textAt(filter, "type") === "ExtensionRef")) {
    return { kind: "open", why: "It has a filter with an extensionRef, which is not evaluated." };
  }
  const backends = listAt(rule, "backendRefs").filter((one) => numberAt(one, "weight") !== 0);
  const other = backends.find((one) => (textAt(one, "kind") ?? "Service") !== "Service");
  if (other !== undefined) {
    const why = `It has a backend of the kind ${textAt(other, "kind") ?? ""}, which is not evaluated.`;
    return { kind: "open", why };
  }
  const foreign = backends.find(
    (one) => (textAt(one, "namespace") ?? namespaceOf(route)) !== namespaceOf(route),
  );
  if (foreign !== undefined) {
    const why = `Its backend is in the namespace ${textAt(foreign, "namespace") ?? ""}, and whether a ReferenceGrant there allows that is not read.`;
    return { kind: "open", why };
  }
  const rewrite = filters.find((filter) => textAt(filter, "type") === "URLRewrite");
  return {
    kind: "forward",
    targets: backends.map((backend) => ({
      host: serviceHost(
        textAt(backend, "name") ?? "",
        textAt(backend, "namespace") ?? namespaceOf(route),
      ),
      port: numberAt(backend, "port"),
      subset: undefined,
      weight: numberAt(backend, "weight") ?? 1,
    })),
    call: rewrite === undefined ? call : rewritten(call, valueAt(rewrite, "urlRewrite"), match),
  };
}

function rewritten(call: Call, rewrite: unknown, match: unknown): Call {
  const hostname = textAt(rewrite, "hostname");
  const host = hostname === undefined ? {} : { host: hostname, authority: hostname };
  const full = textAt(rewrite, "path", "replaceFullPath");
  if (full !== undefined) return { ...call, ...host, path: full };
  const replacement = textAt(rewrite, "path", "replacePrefixMatch");
  if (replacement === undefined || call.path === undefined) return { ...call, ...host };
  const base = (textAt(match, "path", "value") ?? "/").replace(/\/$/, "");
  const path = replacement.replace(/\/$/, "") + call.path.slice(base.length);
  return { ...call, ...host, path: path.startsWith("/") ? path : `/${path}` };
}
