import { describe, expect, test } from "vitest";
import { authzDefaultDeny } from "../../../../policy/rules/authz/authz-default-deny.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const shop = namespace(provider);

function policy(spec: unknown, where: unknown = "shop"): Fixture {
  const metadata = { name: "calls", namespace: where };
  const props = { metadata, spec };
  return object(provider, "security.istio.io/v1", "AuthorizationPolicy", props, "calls");
}

async function messages(stack: readonly Fixture[], options?: Run) {
  return (await run(authzDefaultDeny, [mesh, provider, ...stack], options)).map(
    ({ level, message }) => [level, message],
  );
}

const OPEN = [
  "violation",
  'Namespace "shop": its sidecars accept every request, because no AuthorizationPolicy of shop denies by default. Add one with an empty spec, and ALLOW policies for the requests that you expect. If something outside the stack creates it, set denyElsewhere of this rule to true.',
];

describe("authz-default-deny", () => {
  describe("a namespace of the mesh", () => {
    test.each<[string, Fixture]>([
      ["an empty policy", policy({})],
      ["an explicit one", policy({ action: "ALLOW", rules: [] })],
      ["one for the whole mesh", policy({}, "aks-istio-system")],
      ["an unknown one", policy(UNKNOWN)],
      [
        "one whose namespace has a known source",
        { ...policy({}, UNKNOWN), from: { metadata: [shop] } },
      ],
    ])("denies by default with %s", async (_, one) => {
      expect(await messages([shop, one])).toEqual([]);
    });

    test.each<[string, Fixture[]]>([
      ["no policy", []],
      ["a policy of another namespace", [policy({}, "other")]],
      ["a policy for some workloads", [policy({ selector: { matchLabels: { app: "a" } } })]],
      ["a policy for a gateway", [policy({ targetRefs: [{ kind: "Gateway", name: "a" }] })]],
      ["a policy that allows something", [policy({ rules: [{ to: [] }] })]],
      ["a policy that denies nothing", [policy({ action: "DENY" })]],
      ["a policy that only audits", [policy({ action: "AUDIT" })]],
    ])("is reported with %s", async (_, policies) => {
      expect(await messages([shop, ...policies])).toEqual([OPEN]);
    });

    test.each<[unknown, number]>([
      ["true", 1],
      ["True", 1],
      ["1", 1],
      ["false", 0],
      ["yes", 0],
      [UNKNOWN, 0],
      [undefined, 0],
    ])("does not deny with a dry-run policy: %s, %d", async (dryRun, count) => {
      const annotations = { "istio.io/dry-run": dryRun };
      const tried = policy({});
      const metadata = { name: "calls", namespace: "shop", annotations };
      const props = { ...tried.props, metadata };
      expect(await messages([shop, { ...tried, props }])).toHaveLength(count);
    });

    test("does not deny with an action in other letters, which is invalid", async () => {
      expect(await messages([shop, policy({ action: "allow" })])).toEqual([
        [
          "violation",
          'AuthorizationPolicy "calls": spec.action is "allow", which the API server rejects. Set it to ALLOW.',
        ],
        OPEN,
      ]);
    });

    test("may deny with an object outside the stack", async () => {
      const elsewhere = (denyElsewhere: boolean) => ({
        config: { "authz-default-deny": { denyElsewhere } },
      });
      expect(await messages([shop], elsewhere(true))).toEqual([]);
      expect(await messages([shop], elsewhere(false))).toEqual([OPEN]);
    });

    test("may deny with an object that something in the stack may create, there or for the mesh", async () => {
      for (const where of ["shop", "aks-istio-system"]) {
        expect(await messages([shop, helmRelease(provider, { namespace: where })])).toEqual([
          [
            "unjudged",
            'Namespace "shop": the stack does not show an AuthorizationPolicy that denies by default, but Release "shop" may create it. If something else creates it, set denyElsewhere of authz-default-deny to true. Otherwise, add one with an empty spec to the namespace.',
          ],
        ]);
      }
      const elsewhere = helmRelease(provider, { namespace: "cert-manager" });
      expect(await messages([shop, elsewhere])).toEqual([OPEN]);
    });

    test("may leave it to others if a gateway runs in it", async () => {
      const api = (where: string) =>
        object(provider, "gateway.networking.k8s.io/v1", "Gateway", {
          metadata: { name: "shop", namespace: where },
        });
      expect(await messages([shop, api("shop")])).toEqual([]);
      expect(await messages([shop, api("other")])).toEqual([OPEN]);
      const withEgress = (where: unknown) => {
        const egressGateways = [{ name: "partners", namespace: where, enabled: true }];
        const istio = { revisions: ["asm-1-30"], components: { egressGateways } };
        const of = cluster({ serviceMeshProfile: { mode: "Istio", istio } });
        const on = kubernetes(of);
        return run(authzDefaultDeny, [of, on, namespace(on)]);
      };
      expect(await withEgress("shop")).toEqual([]);
      expect(await withEgress("other")).toHaveLength(1);
      expect(await withEgress(UNKNOWN)).toHaveLength(1);
    });

    test("does not count without the label", async () => {
      expect(await messages([namespace(provider, {})])).toEqual([]);
      expect(await messages([namespace(provider, UNKNOWN)])).toEqual([]);
    });
  });

  describe("a policy", () => {
    const judged = async (spec: object) =>
      (await messages([policy({ selector: {}, ...spec })])).map(([level, message]) => [
        level,
        message?.replace('AuthorizationPolicy "calls": ', ""),
      ]);

    test.each<[string, object]>([
      ["from[0].source.notNamespaces", { from: [{ source: { notNamespaces: ["a"] } }] }],
      ["to[0].operation.notPaths", { to: [{ operation: { methods: ["GET"], notPaths: ["/a"] } }] }],
      ["when[0].notValues", { when: [{ key: "request.headers[x]", notValues: ["a"] }] }],
    ])("that allows must not use %s", async (path, rule) => {
      const said = [
        [
          "violation",
          `spec.rules[0].${path} allows everything that is not listed there, including requests that you do not expect. List what is allowed instead.`,
        ],
      ];
      expect(await judged({ rules: [rule] })).toEqual(said);
      expect(await judged({ action: "ALLOW", rules: [rule] })).toEqual(said);
      expect(await judged({ action: "DENY", rules: [rule] })).toEqual([]);
    });

    test.each<[string, object]>([
      ["from[0].source.namespaces", { from: [{ source: { namespaces: ["a"] } }] }],
      ["to[0].operation.paths", { to: [{ operation: { paths: ["/a"] } }] }],
      ["when[0].values", { when: [{ key: "request.headers[x]", values: ["a"] }] }],
    ])("that denies must not use only %s", async (path, rule) => {
      expect(await judged({ action: "DENY", rules: [rule] })).toEqual([
        [
          "violation",
          `spec.rules[0].${path} denies only what is listed there, so a request that is written differently passes. Use negative fields, or an ALLOW policy.`,
        ],
      ]);
      expect(await judged({ rules: [rule] })).toEqual([]);
    });

    test.each<object>([
      { action: "DENY", rules: [{}] },
      { action: "AUDIT", rules: [{ to: [{ operation: { notPaths: ["/a"] } }] }] },
      { action: UNKNOWN, rules: [{ to: [{ operation: { notPaths: ["/a"] } }] }] },
      { rules: UNKNOWN },
      { rules: [{ from: UNKNOWN, to: [UNKNOWN] }] },
      // Not a field of Istio: not every name with these letters is a negation.
      { rules: [{ to: [{ operation: { notes: ["/a"] } }] }] },
    ])("may be %j", async (spec) => {
      expect(await judged(spec)).toEqual([]);
    });
  });

  test("ignores clusters without the add-on, and ambiguous ones", async () => {
    for (const serviceMeshProfile of [undefined, UNKNOWN]) {
      const plain = cluster({ serviceMeshProfile });
      const on = kubernetes(plain);
      expect(await run(authzDefaultDeny, [plain, on, namespace(on)])).toEqual([]);
    }
  });
});
