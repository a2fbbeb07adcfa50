import { describe, expect, test } from "vitest";
import { mtlsClientConflict } from "../../../../policy/rules/mtls/mtls-client-conflict.ts";
import { mtlsStrictNoConflict } from "../../../../policy/rules/mtls/mtls-strict-no-conflict.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const RULES = [mtlsStrictNoConflict, mtlsClientConflict];

const SYSTEM = "aks-istio-system";
const mesh = cluster();
const provider = kubernetes(mesh);
const shop = namespace(provider);

function policy(spec: unknown, where: unknown = SYSTEM, name: unknown = "default"): Fixture {
  const metadata = { name, namespace: where };
  return object(provider, "security.istio.io/v1", "PeerAuthentication", { metadata, spec }, "mtls");
}

const mode = (value: unknown) => ({ mtls: { mode: value } });
const strict = policy(mode("STRICT"));

function rule(trafficPolicy: unknown, host: unknown = "reviews", spec: object = {}): Fixture {
  const metadata = { name: "reviews", namespace: "shop" };
  const props = { metadata, spec: { host, trafficPolicy, ...spec } };
  return object(provider, "networking.istio.io/v1", "DestinationRule", props, "reviews");
}

async function messages(stack: readonly Fixture[], options?: Run) {
  return (await run(RULES, [mesh, provider, ...stack], options)).map(({ level, message }) => [
    level,
    message,
  ]);
}

const settings = (config: object): Run => ({ config: { "mtls-strict-no-conflict": config } });

describe("mtls-strict-no-conflict", () => {
  describe("a namespace of the mesh", () => {
    const BARE = [
      "violation",
      'Namespace "shop": no PeerAuthentication, for the mesh or for the namespace, makes the sidecars of shop reject plain text. Add one with spec.mtls.mode STRICT to aks-istio-system, or set strictElsewhere of this rule if something else creates it.',
    ];

    test("is protected by the mesh's policy, or by its own", async () => {
      expect(await messages([strict, shop])).toEqual([]);
      expect(await messages([shop, strict])).toEqual([]);
      expect(await messages([shop, policy(mode("STRICT"), "shop")])).toEqual([]);
      expect(
        await messages([shop, { ...policy(mode("STRICT"), UNKNOWN), from: { metadata: [shop] } }]),
      ).toEqual([]);
    });

    test.each<[string, Fixture[]]>([
      ["no policy", []],
      ["a policy of another namespace", [policy(mode("STRICT"), "other")]],
      ["a policy of its own without a mode", [policy({}, "shop")]],
      [
        "a policy for some workloads",
        [policy({ selector: { matchLabels: { app: "a" } }, ...mode("STRICT") }, "shop")],
      ],
    ])("is reported with %s", async (_, policies) => {
      expect(await messages([shop, ...policies])).toEqual([BARE]);
    });

    test("is reported once: a weak policy is reported itself", async () => {
      expect((await messages([shop, policy(mode("PERMISSIVE"))])).map(([, text]) => text)).toEqual([
        expect.stringMatching(/^PeerAuthentication "default"/),
      ]);
      expect(await messages([shop, policy(mode("DISABLE"), "shop")])).toHaveLength(1);
    });

    test("is not protected by a mode in other letters, which is invalid", async () => {
      const said =
        'PeerAuthentication "default": spec.mtls.mode is "strict", which the API server rejects. Set it to STRICT.';
      expect(await messages([shop, policy(mode("strict"), "shop")])).toEqual([
        ["violation", said],
        BARE,
      ]);
      const ports = { portLevelMtls: { "8080": { mode: "Disable" } } };
      expect(await messages([policy({ ...mode("STRICT"), ...ports })])).toEqual([
        [
          "violation",
          expect.stringContaining('"Disable", which the API server rejects. Set it to DISABLE.'),
        ],
      ]);
      expect(await messages([rule({ tls: { mode: "none" } })])).toEqual([
        ["violation", expect.stringContaining("Set it to ISTIO_MUTUAL, DISABLE, SIMPLE, MUTUAL.")],
      ]);
    });

    test("may be protected by a policy outside the stack", async () => {
      expect(await messages([shop], settings({ strictElsewhere: true }))).toEqual([]);
      expect(await messages([shop], settings({ strictElsewhere: false }))).toEqual([BARE]);
    });

    test("may be protected by an object that something in the stack may create, there or for the mesh", async () => {
      for (const where of ["shop", SYSTEM]) {
        expect(await messages([shop, helmRelease(provider, { namespace: where })])).toEqual([
          [
            "unjudged",
            'Namespace "shop": the stack does not show a PeerAuthentication that makes its sidecars reject plain text, but Release "shop" may create it. If something else creates it, set strictElsewhere of mtls-strict-no-conflict to true. Otherwise add one with spec.mtls.mode STRICT to aks-istio-system.',
          ],
        ]);
      }
      const elsewhere = helmRelease(provider, { namespace: "cert-manager" });
      expect(await messages([shop, elsewhere])).toEqual([BARE]);
    });

    test("on a cluster of another stack is protected there", async () => {
      const on = kubernetes(mesh, kubeconfigOf(mesh));
      const config = { "mesh-scope": { revisions: ["asm-1-30"] } };
      expect(await run(RULES, [on, namespace(on)], { config })).toEqual([]);
    });

    test.each<[string, unknown]>([
      ["no label", {}],
      [
        "a label that prevents injection",
        { "istio.io/rev": "asm-1-30", "istio-injection": "enabled" },
      ],
      ["unknown labels", UNKNOWN],
      ["a selector that matches no labels", null],
    ])("does not count with %s", async (_, labels) => {
      expect(await messages([namespace(provider, labels)])).toEqual([]);
    });

    test("does not count if istiod injects nothing", async () => {
      const labels = { "istio.io/rev": "asm-1-30" };
      expect(await messages([namespace(provider, labels, "kube-system")])).toEqual([]);
      expect(await messages([namespace(provider, labels, "kube-systems")])).toHaveLength(1);
    });

    test("has its name in the cluster, or the one that Pulumi generates", async () => {
      const labels = { "istio.io/rev": "asm-1-30" };
      const called = (metadata: object) =>
        object(provider, "core/v1", "Namespace", { metadata: { labels, ...metadata } }, "space");
      const sidecars = async (fixture: Fixture) =>
        (await messages([fixture])).map(
          ([, text]) => /the sidecars of (\S+)/.exec(text ?? "")?.[1],
        );
      expect(await sidecars(called({ name: "shop" }))).toEqual(["shop"]);
      expect(await sidecars(called({}))).toEqual(["space"]);
      expect(await messages([called({ name: "shop" }), policy(mode("STRICT"), "shop")])).toEqual(
        [],
      );
    });

    test("is not protected by the policy of another cluster", async () => {
      const west = cluster({}, "west");
      const there: Fixture = { ...strict, provider: kubernetes(west) };
      expect(await messages([west, kubernetes(west), shop, there])).toEqual([BARE]);
    });
  });

  describe("a PeerAuthentication", () => {
    test.each(["DISABLE", "PERMISSIVE"])("is reported with %s", async (weak) => {
      expect(await messages([policy(mode(weak), "shop")])).toEqual([
        [
          "violation",
          `PeerAuthentication "default": spec.mtls.mode is ${weak}, which allows plain text. Set it to STRICT, or list shop/default in plaintext of this rule.`,
        ],
      ]);
    });

    test("is reported for an individual port", async () => {
      const portLevelMtls = { 8080: { mode: "DISABLE" }, 9090: { mode: "STRICT" } };
      const [[, message] = [], ...more] = await messages([
        policy({ ...mode("STRICT"), portLevelMtls }),
      ]);
      expect(message).toContain("spec.portLevelMtls.8080.mode is DISABLE");
      expect(more).toEqual([]);
    });

    test.each([
      [undefined, "not set"],
      ["UNSET", "UNSET"],
    ])("for the whole mesh must set a mode: %s", async (value, is) => {
      expect(await messages([policy(mode(value))])).toEqual([
        [
          "violation",
          `PeerAuthentication "default": spec.mtls.mode is ${is}, which means PERMISSIVE for the whole mesh. Set it to STRICT.`,
        ],
      ]);
      expect(await messages([policy(mode(value), "shop")])).toEqual([]);
    });

    test("can be exempted by name, in its namespace", async () => {
      const plaintext = settings({ plaintext: ["shop/default"] });
      expect(await messages([policy(mode("DISABLE"), "shop")], plaintext)).toEqual([]);
      expect(await messages([policy(mode("DISABLE"), "other")], plaintext)).toHaveLength(1);
      const taken = { ...policy(mode("DISABLE"), UNKNOWN), from: { metadata: [shop] } };
      expect(await messages([strict, shop, taken], plaintext)).toEqual([]);
      expect(await messages([strict, shop, taken])).toHaveLength(1);
    });

    test.each<[string, unknown]>([
      ["spec.mtls.mode", mode(UNKNOWN)],
      ["spec.portLevelMtls", { ...mode("STRICT"), portLevelMtls: UNKNOWN }],
    ])("is reported as advice if %s is unknown", async (path, spec) => {
      expect(await messages([policy(spec)])).toEqual([
        [
          "unjudged",
          `PeerAuthentication "default": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
        ],
      ]);
    });
  });

  describe("a DestinationRule", () => {
    const judged = async (...args: Parameters<typeof rule>) =>
      (await messages([strict, shop, rule(...args)])).map(([, message]) => message);
    const tls = (value: unknown) => ({ tls: { mode: value } });

    test.each(["DISABLE", "SIMPLE", "MUTUAL"])(
      "is reported with %s into the mesh",
      async (value) => {
        expect(await judged(tls(value))).toEqual([
          `DestinationRule "reviews": spec.trafficPolicy.tls.mode is ${value} for reviews.shop.svc.cluster.local, but the sidecars there accept only the mesh's mutual TLS. Remove tls, or set its mode to ISTIO_MUTUAL.`,
        ]);
      },
    );

    test.each(["*.local", "*.shop.svc.cluster.local", "*", "reviews.shop.svc.cluster.local"])(
      "is reported with %s for a host",
      async (host) => {
        expect(await judged(tls("DISABLE"), host)).toHaveLength(1);
      },
    );

    test.each([
      ["ISTIO_MUTUAL", "reviews"],
      [undefined, "reviews"],
      ["SIMPLE", "api.example.com"],
      ["DISABLE", "reviews.other.svc.cluster.local"],
      ["DISABLE", UNKNOWN],
    ])("may have %s to %s", async (value, host) => {
      expect(await judged(tls(value), host)).toEqual([]);
    });

    test("is reported for ports and subsets", async () => {
      const port = { portLevelSettings: [{ tls: { mode: "DISABLE" } }] };
      expect((await judged(port))[0]).toContain(
        "spec.trafficPolicy.portLevelSettings[0].tls.mode is DISABLE",
      );
      const subsets = [{ trafficPolicy: tls("SIMPLE") }];
      expect((await judged(undefined, "reviews", { subsets }))[0]).toContain(
        "spec.subsets[0].trafficPolicy.tls.mode is SIMPLE",
      );
    });

    test("must verify the server, inside and outside the mesh", async () => {
      expect(
        await judged({ tls: { mode: "SIMPLE", insecureSkipVerify: true } }, "api.example.com"),
      ).toEqual([
        'DestinationRule "reviews": spec.trafficPolicy.tls.insecureSkipVerify is true, so callers trust any server. Remove it, and set caCertificates if no system CA issued the server\'s certificate.',
      ]);
      expect(
        await judged({ tls: { mode: "SIMPLE", insecureSkipVerify: false } }, "api.example.com"),
      ).toEqual([]);
    });

    test("can be exempted by name", async () => {
      const config = { "mtls-client-conflict": { allowed: ["shop/reviews"] } };
      expect(await messages([strict, shop, rule(tls("DISABLE"))], { config })).toEqual([]);
      const permissive = settings({ plaintext: ["shop/reviews"], strictElsewhere: true });
      expect(await messages([shop, rule(tls("DISABLE"))], permissive)).toEqual([]);
    });

    test("breaks nothing if plain text is accepted, but is still not the mesh's TLS", async () => {
      const said = await run(RULES, [mesh, provider, shop, rule(tls("DISABLE"))]);
      expect(said.map(({ policy, resource }) => [policy, resource])).toEqual([
        ["mtls-strict-no-conflict", "shop"],
        ["mtls-strict-no-conflict", "reviews"],
      ]);
      const strictly = await run(RULES, [mesh, provider, strict, shop, rule(tls("DISABLE"))]);
      expect(strictly.map(({ policy }) => policy)).toEqual(["mtls-client-conflict"]);
    });

    test("may have another mode for hosts outside its mesh", async () => {
      const host = "reviews.plain.svc.cluster.local";
      const plain = namespace(provider, {}, "plain");
      expect(await messages([strict, plain, rule(tls("DISABLE"), host)])).toEqual([]);
      const west = cluster({}, "west");
      const onWest = kubernetes(west);
      const joined = namespace(onWest, { "istio.io/rev": "asm-1-30" }, "plain");
      const there: Fixture = { ...strict, provider: onWest };
      expect(
        await messages([strict, west, onWest, there, joined, rule(tls("DISABLE"), host)]),
      ).toEqual([]);
    });

    test("considers namespaces that another stack declares", async () => {
      const config = { "mesh-scope": { namespaces: { shop: "asm-1-30" } } };
      expect(await messages([rule(tls("DISABLE"))], { config })).toHaveLength(1);
      expect(await messages([rule(tls("DISABLE"))])).toEqual([]);
    });

    test("is reported as advice if its mode is unknown", async () => {
      expect((await messages([rule(tls(UNKNOWN))])).map(([level]) => level)).toEqual(["unjudged"]);
    });
  });

  test("is ignored on a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const moved = [namespace(on), { ...policy(mode("DISABLE")), provider: on }];
    expect(await run(RULES, [plain, on, ...moved])).toEqual([]);
  });
});
