import type { Manifest } from "../../manifests/manifest.ts";
import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { isOwnNamespace } from "./world.ts";
import type { World } from "./world.ts";

/** The text of a field. */
interface Text {
  readonly at: KeyPath;
  readonly text: string;
}

/** What a text is compared with. In other texts, only a whole principal stands for a client. */
type Identity = "namespace" | "serviceAccount" | "principal" | "other";

const FIELDS: Readonly<Record<string, Identity>> = {
  namespaces: "namespace",
  notNamespaces: "namespace",
  serviceAccounts: "serviceAccount",
  notServiceAccounts: "serviceAccount",
  principals: "principal",
  notPrincipals: "principal",
};

/** @see https://istio.io/latest/docs/reference/config/security/conditions/ */
const CONDITIONS: Readonly<Record<string, Identity>> = {
  "source.namespace": "namespace",
  "source.serviceAccount": "serviceAccount",
  "source.principal": "principal",
};

/**
 * What becomes of a text of one of Istio's objects that stands for clients: the gateways have another namespace and other
 * service accounts. Undefined if it does not stand for clients.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
export function identityFindings(
  manifest: Manifest,
  one: Text,
  world: World,
): readonly Finding[] | undefined {
  switch (identityOf(manifest, one)) {
    case "namespace":
      return ofNamespace(one, world);
    case "serviceAccount":
      return ofServiceAccount(manifest, one, world);
    case "principal":
      return (
        ofPrincipal(manifest, one, world) ??
        ofAnyNamespace(manifest, one, world) ??
        ofPattern(one, world)
      );
    case "other":
      return ofPrincipal(manifest, one, world);
    case undefined:
      return undefined;
  }
}

function identityOf({ kind, object }: Manifest, { at, text }: Text): Identity | undefined {
  const field = String(at.findLast((step) => typeof step === "string"));
  const isCondition = field === "values" || field === "notValues";
  const name = isCondition ? textAt(valueAt(object, ...at.slice(0, -2)), "key") : field;
  const known = isCondition ? CONDITIONS : FIELDS;
  const other = isCondition || text.includes("spiffe://") ? "other" : undefined;
  if (kind !== "AuthorizationPolicy" || name === undefined) return other;
  return Object.hasOwn(known, name) ? known[name] : other;
}

function ofNamespace({ at, text }: Text, world: World): readonly Finding[] {
  if (isOwnNamespace(text, world)) {
    return [set(at, text, INGRESS_NAMESPACE, "The requests of gateways come from there.")];
  }
  const own = [...world.roots, ...world.gateways.namespaces];
  return patternFindings({ at, text }, own, [INGRESS_NAMESPACE]);
}

/** Without a namespace, it is one in the namespace of the policy. */
function ofServiceAccount(
  manifest: Manifest,
  { at, text }: Text,
  world: World,
): readonly Finding[] {
  const [namespace, name] = text.includes("/")
    ? [text.slice(0, text.indexOf("/")), text.slice(text.indexOf("/") + 1)]
    : [world.namespaceOf(manifest) ?? "", text];
  if (!isOwnNamespace(namespace, world)) return [];
  return account(manifest, { at, text }, name, (sa) => `${INGRESS_NAMESPACE}/${sa}`, world);
}

/** A principal, or a pattern, that names a namespace: `cluster.local/ns/istio-system/sa/x`. */
function ofPrincipal(manifest: Manifest, one: Text, world: World): readonly Finding[] | undefined {
  const { at, text } = one;
  const [, before = "", namespace = "", name] =
    /^(.*?\bns\/)([^/]+)\/(?:sa\/(.+)|\*$)/s.exec(text) ?? [];
  if (!isOwnNamespace(namespace, world)) return undefined;
  const to = `${before}${INGRESS_NAMESPACE}/`;
  return name === undefined
    ? [set(at, text, `${to}*`, "The requests of gateways come from there.")]
    : account(manifest, one, name, (sa) => `${to}sa/${sa}`, world);
}

/** A pattern that names a service account of the gateways alone. */
function ofAnyNamespace(manifest: Manifest, one: Text, world: World) {
  const [, before = "", name = ""] = /^(\*(?:\/?sa)?\/)([\w.-]+)$/.exec(one.text) ?? [];
  if (!world.gateways.isIngress(name)) return undefined;
  return account(manifest, one, name, (sa) => `${before}${sa}`, world);
}

/** The service accounts of the add-on's gateways have their names. */
function account(
  manifest: Manifest,
  { at, text }: Text,
  name: string,
  to: (serviceAccount: string) => string,
  world: World,
): readonly Finding[] {
  const isIngress = /^[\w.-]+$/.test(name) && world.gateways.isIngress(name);
  const target = isIngress ? world.gateways.nameFor(name, manifest) : undefined;
  if (target !== undefined || name === "*") {
    const message = "The gateway has another namespace and service account.";
    return [set(at, text, to(target ?? "*"), message)];
  }
  return [
    blocker(
      at,
      `${text} is an identity in a namespace of the self-installed Istio.`,
      "Give its workload a namespace of its own, and name that.",
    ),
  ];
}

function ofPattern({ at, text }: Text, { roots, gateways }: World): readonly Finding[] | undefined {
  if (!text.includes("*")) return undefined;
  const domains = ["cluster.local", text.split("/", 1)[0] ?? ""];
  const principals = (namespaces: Iterable<string>, names: readonly string[]) =>
    domains.flatMap((domain) =>
      [...namespaces].flatMap((ns) => names.map((name) => `${domain}/ns/${ns}/sa/${name}`)),
    );
  return patternFindings(
    { at, text },
    principals([...roots, ...gateways.namespaces], gateways.serviceAccounts),
    principals([INGRESS_NAMESPACE], INGRESS_GATEWAY_KINDS.map(ingressGatewayName)),
  );
}

/** A pattern is not replaced, because it may match others, too. */
function patternFindings(
  { at, text }: Text,
  own: readonly string[],
  addons: readonly string[],
): readonly Finding[] {
  const matchesOwn = own.some((one) => matches(text, one));
  const matchesAddons = addons.filter((one) => matches(text, one)).length;
  if (matchesOwn && matchesAddons < addons.length) {
    return [
      blocker(
        at,
        `${text} matches gateways of the self-installed Istio, and not those of the add-on.`,
        `Add what matches the gateways in ${INGRESS_NAMESPACE}, and remove the pattern if it is for nothing else.`,
      ),
    ];
  }
  if (matchesOwn || matchesAddons === 0 || text.includes("aks-istio-")) return [];
  return [
    note(
      at,
      `${text} matches the gateways of the add-on, and not those of the self-installed Istio.`,
      "Find out whether the policy should apply to requests of the gateways.",
    ),
  ];
}

/** As Istio compares: a pattern begins or ends with an asterisk, or is one. */
function matches(pattern: string, text: string): boolean {
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
