import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import { authorize } from "../../../../operate/explain/request/authorize.ts";
import type { AuthorizationContext } from "../../../../operate/explain/request/authorizationContext.ts";
import { BASE, CALL, config, explained } from "./objects.ts";

const CONTEXT: AuthorizationContext = {
  receiver: "Deployment shop/server",
  call: { ...CALL, method: "GET", path: "/api/v1/items" },
  principal: "cluster.local/ns/front/sa/client",
  port: 8080,
  sourceAddress: "10.0.0.7",
  remoteAddress: undefined,
  mayHaveToken: "no",
};

const policy = (spec: object, annotations?: Record<string, string>): ClusterObject => {
  const object = config("AuthorizationPolicy", "shop", "p", spec);
  return annotations === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, annotations } };
};

/** The worst answer of all steps. */
function answer(policies: readonly ClusterObject[], context: Partial<AuthorizationContext> = {}) {
  const answers = authorize(policies, { ...CONTEXT, ...context }).map((step) => step.answer);
  return answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";
}

const source = (of: object) => ({ rules: [{ from: [{ source: of }] }] });
const operation = (of: object) => ({ rules: [{ to: [{ operation: of }] }] });
const when = (key: string, of: object) => ({ rules: [{ when: [{ key, ...of }] }] });

describe("a rule that allows", () => {
  test.each<[string, object, "yes" | "no" | "unknown", Partial<AuthorizationContext>?]>([
    ["no rule", {}, "no"],
    ["an empty list", { rules: [] }, "no"],
    ["an empty rule", { rules: [{}] }, "yes"],
    ["the principal", source({ principals: ["cluster.local/ns/front/sa/client"] }), "yes"],
    ["its prefix", source({ principals: ["cluster.local/ns/front/*"] }), "yes"],
    ["its suffix", source({ principals: ["*/sa/client"] }), "yes"],
    ["any principal", source({ principals: ["*"] }), "yes"],
    [
      "any principal, over plain text",
      source({ principals: ["*"] }),
      "no",
      { principal: undefined },
    ],
    ["another principal", source({ principals: ["cluster.local/ns/front/sa/other"] }), "no"],
    [
      "not another principal, over plain text",
      source({ notPrincipals: ["*"] }),
      "yes",
      { principal: undefined },
    ],
    ["not the principal", source({ notPrincipals: ["*/sa/client"] }), "no"],
    ["the namespace", source({ namespaces: ["front"] }), "yes"],
    ["a part of the namespace", source({ namespaces: ["fron"] }), "no"],
    ["the namespace with a wildcard", source({ namespaces: ["f*t"] }), "yes"],
    ["the service account", source({ serviceAccounts: ["front/client"] }), "yes"],
    ["a service account of the policy's namespace", source({ serviceAccounts: ["client"] }), "no"],
    ["the trust domain", source({ trustDomains: ["cluster.local"] }), "yes"],
    ["the block", source({ ipBlocks: ["10.0.0.0/29"] }), "yes"],
    ["the block before", source({ ipBlocks: ["10.0.0.0/30"] }), "no"],
    ["the address", source({ ipBlocks: ["10.0.0.7"] }), "yes"],
    ["not the block", source({ notIpBlocks: ["10.0.0.0/8"] }), "no"],
    [
      "an address that is not known",
      source({ ipBlocks: ["10.0.0.0/8"] }),
      "unknown",
      { sourceAddress: undefined },
    ],
    ["the client before gateways", source({ remoteIpBlocks: ["10.0.0.0/8"] }), "unknown"],
    ["a token, without RequestAuthentication", source({ requestPrincipals: ["*"] }), "no"],
    [
      "a token, with one",
      source({ requestPrincipals: ["*"] }),
      "unknown",
      { mayHaveToken: "unknown" },
    ],
    ["no token, without RequestAuthentication", source({ notRequestPrincipals: ["*"] }), "yes"],
    [
      "two sources",
      {
        rules: [
          { from: [{ source: { namespaces: ["x"] } }, { source: { namespaces: ["front"] } }] },
        ],
      },
      "yes",
    ],
    ["two fields of a source", source({ namespaces: ["front"], principals: ["x"] }), "no"],
    ["the method", operation({ methods: ["GET"] }), "yes"],
    ["another method", operation({ methods: ["POST"] }), "no"],
    ["not the method", operation({ notMethods: ["GET"] }), "no"],
    ["the path", operation({ paths: ["/api/v1/items"] }), "yes"],
    ["its prefix", operation({ paths: ["/api/*"] }), "yes"],
    ["its suffix", operation({ paths: ["*/items"] }), "yes"],
    ["a longer path", operation({ paths: ["/api/v1/items/"] }), "no"],
    ["a template", operation({ paths: ["/api/{*}/items"] }), "yes"],
    ["a template of one segment", operation({ paths: ["/api/{*}"] }), "no"],
    ["a template of all", operation({ paths: ["/api/{**}"] }), "yes"],
    [
      "a path that is not known",
      operation({ paths: ["/api/*"] }),
      "unknown",
      { call: { ...CONTEXT.call, path: undefined } },
    ],
    ["the host", operation({ hosts: ["SERVER.shop.svc.cluster.local"] }), "yes"],
    [
      "the host without its port",
      operation({ hosts: ["server.shop.svc.cluster.local"] }),
      "no",
      { call: { ...CONTEXT.call, authority: `${CALL.host}:9898` } },
    ],
    [
      "the host with any port",
      operation({ hosts: ["server.shop.svc.cluster.local:*"] }),
      "yes",
      { call: { ...CONTEXT.call, authority: `${CALL.host}:9898` } },
    ],
    ["the port of the pod", operation({ ports: ["8080"] }), "yes"],
    ["the port of the Service", operation({ ports: ["80"] }), "no"],
    ["a condition on the namespace", when("source.namespace", { values: ["front"] }), "yes"],
    [
      "a condition on the namespace, negated",
      when("source.namespace", { notValues: ["front"] }),
      "no",
    ],
    ["a condition on a header", when("request.headers[x]", { values: ["1"] }), "unknown"],
    [
      "a condition on a claim, without RequestAuthentication",
      when("request.auth.claims[x]", { values: ["1"] }),
      "no",
    ],
    [
      "HTTP on a port of TCP",
      operation({ methods: ["GET"] }),
      "no",
      { call: { ...CONTEXT.call, protocol: "TCP" } },
    ],
    [
      "a port on a port of TCP",
      operation({ ports: ["8080"] }),
      "yes",
      { call: { ...CONTEXT.call, protocol: "TCP" } },
    ],
    [
      "no, before what is not known",
      {
        rules: [
          {
            to: [{ operation: { methods: ["POST"] } }],
            when: [{ key: "request.headers[x]", values: ["1"] }],
          },
        ],
      },
      "no",
    ],
  ])("%s", (_, spec, expected, context) => {
    expect(answer([policy(spec)], context)).toBe(expected);
    // A policy that denies the same gives the opposite answer, unless the protocol is not HTTP.
    const opposite = { yes: "no", no: "yes", unknown: "unknown" }[expected];
    if (context?.call?.protocol !== "TCP") {
      expect(answer([policy({ ...spec, action: "DENY" })], context)).toBe(opposite);
    }
  });
});

describe("policies together", () => {
  const allow = policy({ rules: [{}] });
  const deny = policy({ action: "DENY", ...operation({ methods: ["GET"] }) });
  const custom = policy({ action: "CUSTOM", provider: { name: "oauth" }, rules: [{}] });
  test.each<[string, readonly ClusterObject[], string]>([
    ["none", [], "yes"],
    ["one that denies beats one that allows", [allow, deny], "no"],
    ["a provider may deny", [allow, custom], "unknown"],
    ["a provider, and one that denies", [custom, deny], "no"],
    ["an audit has no effect", [policy({ action: "AUDIT", rules: [{}] })], "yes"],
    ["a dry run has no effect", [policy({}, { "istio.io/dry-run": "true" })], "yes"],
    ["one of two that allow is enough", [policy({}), allow], "yes"],
  ])("%s", (_, policies, expected) => {
    expect(answer(policies)).toBe(expected);
  });

  test("HTTP in a rule that denies is left out on a port of TCP", () => {
    expect(answer([deny], { call: { ...CONTEXT.call, protocol: "TCP" } })).toBe("no");
  });

  test("what decides is named, with the values of both sides", () => {
    const [step] = authorize([policy(operation({ methods: ["POST"], ports: ["8080"] }))], CONTEXT);
    expect(step).toEqual({
      name: "authorization",
      answer: "no",
      outcome: "denied: 403",
      decidedBy: "AuthorizationPolicy shop/p spec.rules[0]",
      message:
        "Deployment shop/server has a policy with the action ALLOW, and it does not match: methods requires POST, and the request has GET.",
      fix: "Add a rule with the action ALLOW that matches the request.",
    });
  });
});

test("a verdict names each policy once", () => {
  const only = (name: string, method: string) =>
    config("AuthorizationPolicy", "shop", name, {
      rules: [{ to: [{ operation: { methods: [method] } }] }],
    });
  const { message } = explained([...BASE, only("a", "PUT"), only("b", "POST")]).verdict;
  expect(message).toBe(
    "Pod shop/server has policies with the action ALLOW, and none of them matches: AuthorizationPolicy shop/a spec.rules[0]: methods requires PUT, and the request has GET; AuthorizationPolicy shop/b spec.rules[0]: methods requires POST, and the request has GET.",
  );
  expect(explained([...BASE, only("a", "PUT")]).verdict.message).toBe(
    "AuthorizationPolicy shop/a spec.rules[0]: Pod shop/server has a policy with the action ALLOW, and it does not match: methods requires PUT, and the request has GET.",
  );
});

test.each<[string, ClusterObject, string]>([
  ["of its namespace", config("AuthorizationPolicy", "shop", "p", {}), "denied: 403"],
  ["of the mesh", config("AuthorizationPolicy", "aks-istio-system", "p", {}), "denied: 403"],
  ["of another namespace", config("AuthorizationPolicy", "front", "p", {}), "allowed"],
  [
    "that selects it",
    config("AuthorizationPolicy", "shop", "p", { selector: { matchLabels: { app: "server" } } }),
    "denied: 403",
  ],
  [
    "that selects another",
    config("AuthorizationPolicy", "shop", "p", { selector: { matchLabels: { app: "x" } } }),
    "allowed",
  ],
  [
    "for a gateway",
    config("AuthorizationPolicy", "shop", "p", { targetRefs: [{ kind: "Gateway", name: "x" }] }),
    "allowed",
  ],
])("a receiver has the policy %s", (_, object, outcome) => {
  expect(explained([...BASE, object]).verdict.outcome).toBe(outcome);
});
