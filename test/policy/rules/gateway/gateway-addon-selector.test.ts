import { describe, expect, test } from "vitest";
import { gatewayAddonSelector } from "../../../../policy/rules/gateway/gateway-addon-selector.ts";
import {
  UNKNOWN,
  classicCluster,
  cluster,
  helmRelease,
  kubeconfigOf,
  kubernetes,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const EXTERNAL = "aks-istio-ingressgateway-external";
const INTERNAL = "aks-istio-ingressgateway-internal";
const OTHERWISE =
  " If the gateway runs on the cluster and the stack does not show it, add it to otherGateways of this rule.";
const on = (mode: unknown, enabled: unknown = true) => ({ mode, enabled });

function mesh(components: unknown, props: Props = {}): Fixture {
  const istio = { revisions: ["asm-1-30"], components };
  return cluster({ serviceMeshProfile: { mode: "Istio", istio }, ...props });
}

const withInternal = mesh({ ingressGateways: [on("Internal"), on("External", false)] });

function gateway(spec: unknown, by: Fixture, kind = "Gateway"): Fixture {
  const metadata = { name: "shop", namespace: "aks-istio-ingress" };
  return object(by, "networking.istio.io/v1", kind, { metadata, spec });
}

/** Options of a run, and the other objects on the cluster. */
interface Case extends Run {
  readonly others?: (by: Fixture) => readonly Fixture[];
}

async function messages(
  of: Fixture,
  selector: unknown,
  { others = () => [], ...options }: Case = {},
) {
  const by = kubernetes(of);
  const stack = [of, by, gateway({ selector }, by), ...others(by)];
  return (await run(gatewayAddonSelector, stack, options)).map(({ level, message, when }) => [
    level,
    message.replace('Gateway "shop": ', ""),
    when,
  ]);
}

describe("gateway-addon-selector", () => {
  test.each([
    [INTERNAL, withInternal],
    [EXTERNAL, mesh({ ingressGateways: [on("External")] })],
    [
      EXTERNAL,
      classicCluster({
        serviceMeshProfile: {
          mode: "Istio",
          revisions: ["asm-1-30"],
          externalIngressGatewayEnabled: true,
        },
      }),
    ],
    ["partners", mesh({ egressGateways: [{ name: "partners", enabled: true }] })],
  ])("accepts %s if it is enabled", async (istio, of) => {
    expect(await messages(of, { istio })).toEqual([]);
  });

  test("reports a disabled gateway, with the resource", async () => {
    expect(await messages(withInternal, { istio: EXTERNAL })).toEqual([
      [
        "violation",
        `spec.selector.istio is "${EXTERNAL}", but this gateway is not enabled on ManagedCluster "orders", so nothing listens. Enable it in the cluster's serviceMeshProfile, or select an enabled gateway.`,
        "early",
      ],
    ]);
  });

  test("reports the gateway of a cluster that declares none, once the outputs exist", async () => {
    const bare = mesh(undefined);
    expect((await messages(bare, { istio: INTERNAL })).map(([, , when]) => when)).toEqual(["late"]);
    const enabled = { ...bare, outputs: withInternal.props };
    expect(await messages(enabled, { istio: INTERNAL })).toEqual([]);
    expect(await messages(enabled, { istio: EXTERNAL })).toHaveLength(1);
  });

  test("waits for the outputs even if a cluster declares only egress gateways", async () => {
    const leaving = mesh({ egressGateways: [{ name: "partners", enabled: true }] });
    expect((await messages(leaving, { istio: INTERNAL })).map(([, , when]) => when)).toEqual([
      "late",
    ]);
    const enabled = { ...leaving, outputs: withInternal.props };
    expect(await messages(enabled, { istio: INTERNAL })).toEqual([]);
  });

  test("waits until it is known which of two clusters it is for", async () => {
    const west = {
      ...cluster({}, "west"),
      outputs: mesh({ ingressGateways: [on("External")] }).props,
    };
    const by = kubernetes(west);
    const stack = [withInternal, west, by, gateway({ selector: { istio: EXTERNAL } }, by)];
    expect(await run(gatewayAddonSelector, stack)).toEqual([]);
    const [first] = await run(gatewayAddonSelector, [
      withInternal,
      west,
      by,
      gateway({ selector: { istio: INTERNAL } }, by),
    ]);
    expect(first).toMatchObject({ level: "violation", when: "late" });
    expect(first?.message).toContain(
      `"${INTERNAL}", but this gateway is not enabled on ManagedCluster "west"`,
    );
  });

  test("trusts a program that does not manage the gateways", async () => {
    const left = { ...mesh(undefined), ignoreChanges: ["serviceMeshProfile.istio.components"] };
    expect(await messages(left, { istio: INTERNAL })).toEqual([]);
  });

  test.each(["ingressgateway", "egressgateway", "partners"])(
    "reports %s, with the gateways that exist",
    async (istio) => {
      expect(await messages(withInternal, { istio })).toEqual([
        [
          "violation",
          `spec.selector.istio is "${istio}", but no gateway of ManagedCluster "orders" has this name, so nothing listens. Select istio: ${INTERNAL}.${OTHERWISE}`,
          "late",
        ],
      ]);
    },
  );

  test("explains how to enable one if there is none", async () => {
    const [[, message] = []] = await messages(mesh(undefined), { istio: "ingressgateway" });
    expect(message).toMatch(
      /Enable an ingress gateway in the cluster's serviceMeshProfile, and select istio: aks-istio-ingressgateway-internal or istio: aks-istio-ingressgateway-external\. If the gateway/,
    );
  });

  test("reports other labels, and missing ones", async () => {
    expect((await messages(withInternal, { app: "istio-ingressgateway" }))[0]?.[1]).toBe(
      `spec.selector.app is "istio-ingressgateway", but no gateway of ManagedCluster "orders" has this name, so nothing listens. Select istio: ${INTERNAL}.${OTHERWISE}`,
    );
    expect((await messages(withInternal, { team: "shop" }))[0]?.[1]).toBe(
      `spec.selector has no label istio or app to select a gateway of ManagedCluster "orders", so nothing listens. Select istio: ${INTERNAL}.${OTHERWISE}`,
    );
    for (const selector of [undefined, {}, null, "istio"]) {
      expect((await messages(withInternal, selector)).map(([, message]) => message)).toEqual([
        `spec.selector is not set, so every gateway of the mesh opens the ports of this Gateway, including the external one. Select istio: ${INTERNAL}.`,
      ]);
    }
  });

  test("ignores a patch that does not set it", async () => {
    const by = kubernetes(withInternal);
    expect(
      await run(gatewayAddonSelector, [withInternal, by, gateway({}, by, "GatewayPatch")]),
    ).toEqual([]);
  });

  test("accepts a gateway that the stack runs itself, and one of the Gateway API", async () => {
    const template = { metadata: { labels: { istio: "own", app: "own" } } };
    const others = (by: Fixture) => [object(by, "apps/v1", "Deployment", { spec: { template } })];
    expect(await messages(withInternal, { istio: "own" }, { others })).toEqual([]);
    expect(await messages(withInternal, { istio: "own", app: "other" }, { others })).toHaveLength(
      1,
    );
    for (const label of ["gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"]) {
      expect(await messages(withInternal, { [label]: "shop" })).toEqual([]);
    }
  });

  test("accepts either label that names a gateway, and both", async () => {
    for (const selector of [
      { app: INTERNAL },
      { app: INTERNAL, istio: INTERNAL },
      { istio: INTERNAL, "istio.io/rev": "asm-1-30" },
      { istio: INTERNAL, chart: "gateways" },
    ]) {
      expect(await messages(withInternal, selector)).toEqual([]);
    }
    expect((await messages(withInternal, { app: EXTERNAL })).map(([, said]) => said)).toEqual([
      expect.stringContaining("but this gateway is not enabled on"),
    ]);
  });

  test.each([
    [{ app: "istio-ingressgateway", istio: INTERNAL }, "app", "istio-ingressgateway"],
    [{ app: EXTERNAL, istio: INTERNAL }, "app", EXTERNAL],
    [{ app: INTERNAL, team: "shop" }, "team", "shop"],
  ])(
    "reports %j, which includes a label that the pods do not have",
    async (selector, label, value) => {
      expect(await messages(withInternal, selector)).toEqual([
        [
          "violation",
          `spec.selector.${label} is "${value}", but the pods of ${INTERNAL} do not have this label. A selector matches only pods with all of its labels, so nothing listens. Remove the label.`,
          "late",
        ],
      ]);
      const template = { metadata: { labels: selector } };
      const others = (by: Fixture) => [object(by, "apps/v1", "Deployment", { spec: { template } })];
      expect(await messages(withInternal, selector, { others })).toEqual([]);
    },
  );

  describe("a gateway outside the stack", () => {
    const file = (by: Fixture): Fixture => ({
      type: "kubernetes:yaml/v2:ConfigFile",
      name: "gateway",
      props: {},
      provider: by,
    });
    const release = (namespace: string) => (by: Fixture) => helmRelease(by, { namespace });
    const said = (istio: string, unseen: (by: Fixture) => Fixture) =>
      messages(withInternal, { istio }, { others: (by) => [unseen(by)] });

    test("may run from a file, or next to the Gateway", async () => {
      const doubt = (source: string) => [
        "unjudged",
        `the stack does not show a gateway whose pods spec.selector selects, but ${source} may create it. If something else runs it, add "own" to otherGateways of gateway-addon-selector. Select istio: ${INTERNAL}.`,
        "late",
      ];
      expect(await said("own", file)).toEqual([doubt('ConfigFile "gateway"')]);
      // The Gateway exists.
      expect(await said("own", release("aks-istio-ingress"))).toEqual([doubt('Release "shop"')]);
      expect((await said("own", release("cert-manager"))).map(([level]) => level)).toEqual([
        "violation",
      ]);
    });

    test("is not one from Istio's guides", async () => {
      expect(await said("ingressgateway", file)).toHaveLength(1);
    });
  });

  describe("the ports of an ingress gateway", () => {
    const serving = async (number: unknown, selector: Props = { istio: INTERNAL }) => {
      const by = kubernetes(withInternal);
      const spec = { selector, servers: [{ port: { number } }] };
      const reports = await run(gatewayAddonSelector, [withInternal, by, gateway(spec, by)]);
      return reports.map(({ message }) => message);
    };

    test.each([80, 443, 15021, "443", 8080, 8443, undefined])("may be %s", async (number) => {
      expect(await serving(number)).toEqual([]);
    });

    test.each([79, 81, 442, 444, 8081, 9443, 15020])("must not be %d", async (number) => {
      expect(await serving(number)).toEqual([
        `Gateway "shop": spec.servers[0].port.number is ${number}, but the Service ${INTERNAL} does not have this port and AKS does not add it, so no request reaches the server. Set it to 80 or 443.`,
      ]);
      expect(await serving(number, { app: INTERNAL })).toHaveLength(1);
    });

    test("must be known", async () => {
      expect(await serving(UNKNOWN)).toEqual([
        expect.stringContaining("spec.servers[0].port.number is known only once"),
      ]);
    });

    test("are not checked for other gateways", async () => {
      const of = mesh({ egressGateways: [{ name: "partners", enabled: true }] });
      const by = kubernetes(of);
      const spec = { selector: { istio: "partners" }, servers: [{ port: { number: 9443 } }] };
      expect(await run(gatewayAddonSelector, [of, by, gateway(spec, by)])).toEqual([]);
    });
  });

  test("may include the configured ones", async () => {
    const config = { "gateway-addon-selector": { otherGateways: ["team-a"] } };
    expect(await messages(withInternal, { istio: "team-a" }, { config })).toEqual([]);
    expect(await messages(withInternal, { istio: "team-b" }, { config })).toHaveLength(1);
  });

  describe("a cluster of another stack", () => {
    const elsewhere = (istio: string) => {
      const by = kubernetes(cluster(), kubeconfigOf(cluster()));
      const config = { "mesh-scope": { revisions: ["asm-1-30"] } };
      return run(gatewayAddonSelector, [by, gateway({ selector: { istio } }, by)], { config });
    };

    test("may have either ingress gateway", async () => {
      expect(await elsewhere(EXTERNAL)).toEqual([]);
      expect(await elsewhere(INTERNAL)).toEqual([]);
    });

    test("may have an egress gateway, but none of Istio's own", async () => {
      expect((await elsewhere("partners")).map(({ level }) => level)).toEqual(["unjudged"]);
      expect((await elsewhere("ingressgateway")).map(({ level }) => level)).toEqual(["violation"]);
    });

    test("is reported with how to enable an ingress gateway, because its gateways are unknown", async () => {
      const [first] = await elsewhere("ingressgateway");
      expect(first?.message).toMatch(
        /, but no gateway of the cluster has this name, so nothing listens\. Enable an ingress gateway in the cluster's serviceMeshProfile, and select istio: aks-istio-ingressgateway-internal or istio: aks-istio-ingressgateway-external\. If the gateway/,
      );
    });
  });

  test.each<[string, Fixture, unknown]>([
    ["spec.selector", withInternal, UNKNOWN],
    ["spec.selector.istio", withInternal, { istio: UNKNOWN }],
    [
      'serviceMeshProfile.istio.components.ingressGateways of ManagedCluster "orders"',
      mesh({ ingressGateways: UNKNOWN }),
      { istio: INTERNAL },
    ],
    [
      'serviceMeshProfile.istio.components.ingressGateways[0].enabled of ManagedCluster "orders"',
      mesh({ ingressGateways: [on("Internal", UNKNOWN)] }),
      { istio: INTERNAL },
    ],
    [
      'serviceMeshProfile.istio.components.egressGateways[0].name of ManagedCluster "orders"',
      mesh({ egressGateways: [{ name: UNKNOWN, enabled: true }] }),
      { istio: "partners" },
    ],
  ])("reports an unknown %s", async (path, of, selector) => {
    expect((await messages(of, selector)).map(([level, message]) => [level, message])).toEqual([
      [
        "violation",
        `${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test.each([undefined, { mode: "Disabled" }])("ignores a cluster with %j", async (profile) => {
    expect(
      await messages(cluster({ serviceMeshProfile: profile }), { istio: "ingressgateway" }),
    ).toEqual([]);
  });

  describe("a Gateway of the Gateway API", () => {
    const ofClass = async (gatewayClassName: unknown) => {
      const by = kubernetes(withInternal);
      const spec = { gatewayClassName };
      const fixture = object(by, "gateway.networking.k8s.io/v1", "Gateway", { spec });
      return (await run(gatewayAddonSelector, [withInternal, by, fixture])).map(
        ({ level, message }) => [level, message],
      );
    };

    test.each(["istio", "azure-alb-external", UNKNOWN, undefined])("accepts %s", async (name) => {
      expect(await ofClass(name)).toEqual([]);
    });

    test("is advised against the class of another Istio, and a mistyped one", async () => {
      expect(await ofClass("approuting-istio")).toEqual([
        [
          "violation",
          'Gateway "shop": spec.gatewayClassName is approuting-istio, the class of the application routing add-on, which cannot run together with the Istio add-on. Set it to istio.',
        ],
      ]);
      expect(await ofClass("isto")).toEqual([
        ["violation", 'Gateway "shop": spec.gatewayClassName is "isto". Did you mean istio?'],
      ]);
    });
  });

  describe("remediation", () => {
    async function mended(
      of: Fixture,
      istio: unknown,
      before: (by: Fixture) => Fixture[] = () => [],
    ) {
      const by = kubernetes(of);
      const stack = [of, by, ...before(by), gateway({ selector: { istio } }, by)];
      return (await remediate(gatewayAddonSelector, stack))?.["spec"];
    }

    test("selects the only gateway, permanently", async () => {
      expect(await mended(withInternal, "ingressgateway")).toEqual({
        selector: { istio: INTERNAL },
      });
      expect(await mended(withInternal, INTERNAL)).toBeUndefined();
      expect(await messages(withInternal, { istio: INTERNAL })).toEqual([]);
    });

    test("changes nothing if several or no gateways are possible", async () => {
      const both = mesh({ ingressGateways: [on("Internal"), on("External")] });
      expect(await mended(both, "ingressgateway")).toBeUndefined();
      expect(await mended(mesh(undefined), "ingressgateway")).toBeUndefined();
      expect(await mended(mesh({ ingressGateways: UNKNOWN }), "ingressgateway")).toBeUndefined();
      expect(await mended(withInternal, "partners")).toBeUndefined();
      expect(await mended(withInternal, UNKNOWN)).toBeUndefined();
      const plain = cluster({ serviceMeshProfile: undefined });
      expect(await mended(plain, "ingressgateway")).toBeUndefined();
    });

    test("changes nothing if the add-on is off or unknown", async () => {
      const istio = { components: { ingressGateways: [on("Internal")] } };
      for (const mode of ["Disabled", UNKNOWN]) {
        const of = cluster({ serviceMeshProfile: { mode, istio } });
        expect(await mended(of, "ingressgateway")).toBeUndefined();
      }
    });

    test("changes nothing if it may be on either of two clusters", async () => {
      const west = { ...mesh({ ingressGateways: [on("External")] }), name: "west" };
      expect(await mended(withInternal, "ingressgateway", () => [west])).toBeUndefined();
    });

    test("changes nothing on a cluster outside the stack", async () => {
      const by = kubernetes(withInternal);
      const stack = [by, gateway({ selector: { istio: "ingressgateway" } }, by)];
      expect(await remediate(gatewayAddonSelector, stack)).toBeUndefined();
    });

    test("changes nothing if the program does not manage the gateways", async () => {
      const left = { ...mesh(undefined), ignoreChanges: ["serviceMeshProfile.istio.components"] };
      expect(await mended(left, "ingressgateway")).toBeUndefined();
    });

    test("changes nothing if a gateway may run outside the stack", async () => {
      const release = (by: Fixture) => [helmRelease(by, { namespace: "aks-istio-ingress" })];
      expect(await mended(withInternal, "ingressgateway", release)).toBeUndefined();
    });

    test("changes nothing if the stack runs one of that name", async () => {
      const template = { metadata: { labels: { istio: "ingressgateway" } } };
      const own = (by: Fixture) => [object(by, "apps/v1", "Deployment", { spec: { template } })];
      expect(await mended(withInternal, "ingressgateway", own)).toBeUndefined();
    });
  });
});
