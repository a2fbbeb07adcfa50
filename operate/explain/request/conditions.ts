import type { AuthorizationContext } from "./authorizationContext.ts";
import type { Reasoned } from "./reasoned.ts";
import { isInBlock, matchesNamespace, matchesPath, matchesText } from "./valueMatch.ts";

/** An attribute of a request that a rule of an AuthorizationPolicy compares. */
export interface Attribute {
  /** Only HTTP has it. */
  readonly isHttp?: boolean;
  /**
   * Its value; null if the request certainly has none, and undefined if it is not known.
   */
  readonly valueOf: (context: AuthorizationContext) => string | null | undefined;
  readonly matches: (pattern: string, value: string) => boolean;
}

/** The part of a principal after a name: the namespace after `ns`. */
function partOf(principal: string | undefined, name: string): string | null {
  return new RegExp(`/${name}/([^/]+)`).exec(principal ?? "")?.[1] ?? null;
}

/** Tokens are not known; without a RequestAuthentication, a request has none that is valid. */
const ofToken: Attribute = {
  isHttp: true,
  valueOf: ({ mayHaveToken }) => (mayHaveToken === "no" ? null : undefined),
  matches: matchesText,
};

const address: Attribute = { valueOf: ({ sourceAddress }) => sourceAddress, matches: isInBlock };
/** Behind a gateway, the address of its client. */
const remote: Attribute = { valueOf: ({ remoteAddress }) => remoteAddress, matches: isInBlock };
const namespace: Attribute = {
  valueOf: ({ principal }) => partOf(principal, "ns"),
  matches: matchesNamespace,
};
const principal: Attribute = {
  valueOf: (context) => context.principal ?? null,
  matches: matchesText,
};
const serviceAccount: Attribute = {
  valueOf: ({ principal: of }) =>
    of === undefined ? null : `${partOf(of, "ns") ?? ""}/${partOf(of, "sa") ?? ""}`,
  matches: (pattern, value) => pattern === value,
};
const trustDomain: Attribute = {
  valueOf: ({ principal: of }) => of?.split("/")[0] ?? null,
  matches: matchesText,
};
const port: Attribute = {
  valueOf: (context) => (context.port === undefined ? undefined : String(context.port)),
  matches: (pattern, value) => pattern === value,
};

/**
 * The fields of a source and an operation. Each has a counterpart with `not`.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export const SOURCE: Readonly<Record<string, Attribute>> = {
  principals: principal,
  requestPrincipals: ofToken,
  namespaces: namespace,
  serviceAccounts: serviceAccount,
  trustDomains: trustDomain,
  ipBlocks: address,
  remoteIpBlocks: remote,
};

export const OPERATION: Readonly<Record<string, Attribute>> = {
  hosts: {
    isHttp: true,
    valueOf: ({ call }) => call.authority,
    matches: (pattern, value) => matchesText(pattern.toLowerCase(), value.toLowerCase()),
  },
  ports: port,
  methods: { isHttp: true, valueOf: ({ call }) => call.method, matches: matchesText },
  paths: { isHttp: true, valueOf: ({ call }) => call.path, matches: matchesPath },
};

const KEYS: Readonly<Record<string, Attribute>> = {
  "source.ip": address,
  "remote.ip": remote,
  "source.namespace": namespace,
  "source.principal": principal,
  "source.serviceAccount": serviceAccount,
  "source.trustDomain": trustDomain,
  "destination.port": port,
};

/**
 * The attribute of a condition. Headers, tokens and what only the connection shows are not known.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/
 */
export function attributeOf(key: string): Attribute {
  const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (known !== undefined) return known;
  if (key.startsWith("request.auth.")) return ofToken;
  return {
    isHttp: key.startsWith("request.headers"),
    valueOf: () => undefined,
    matches: matchesText,
  };
}

/** Whether a request has one of the values, or with `isNegated` none of them. */
export function compare(
  name: string,
  { valueOf, matches }: Attribute,
  values: readonly string[],
  context: AuthorizationContext,
  isNegated: boolean,
): Reasoned {
  const value = valueOf(context);
  const wanted = `${name} ${isNegated ? "excludes" : "requires"} ${values.join(" or ")}`;
  if (value === undefined) {
    return { answer: "unknown", because: `${wanted}, and what the request has is not known` };
  }
  const isOne = value !== null && values.some((one) => matches(one, value));
  return {
    answer: isOne === isNegated ? "no" : "yes",
    because: `${wanted}, and the request has ${value ?? "none"}`,
  };
}
