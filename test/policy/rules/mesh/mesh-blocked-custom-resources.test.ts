import { describe, expect, test } from "vitest";
import { meshBlockedCustomResources } from "../../../../policy/rules/mesh/mesh-blocked-custom-resources.ts";
import { meshEnvoyfilterUnsupported } from "../../../../policy/rules/mesh/mesh-envoyfilter-unsupported.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshBlockedCustomResources, meshEnvoyfilterUnsupported];

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(stack: readonly Fixture[]) {
  return (await run(RULES, stack)).map(({ level, message }) => [level, message]);
}

function resource(version: string, kind: string, on: Fixture = provider): Fixture {
  return object(on, version, kind, { metadata: { name: "custom" }, spec: UNKNOWN });
}

describe("mesh-blocked-custom-resources", () => {
  test.each([
    ["networking.istio.io/v1beta1", "ProxyConfig"],
    ["networking.istio.io/v1", "WorkloadEntry"],
    ["networking.istio.io/v1alpha3", "WorkloadGroup"],
    ["extensions.istio.io/v1alpha1", "WasmPlugin"],
    ["networking.istio.io/v1beta1", "ProxyConfigPatch"],
  ])("reports %s %s, once", async (version, kind) => {
    expect(await messages([mesh, provider, resource(version, kind)])).toEqual([
      [
        "violation",
        `${kind} "custom": the add-on blocks resources of kind ${kind}. Remove it, and use resources that the add-on allows.`,
      ],
    ]);
  });

  test("advises against EnvoyFilter", async () => {
    expect(
      await messages([mesh, provider, resource("networking.istio.io/v1alpha3", "EnvoyFilter")]),
    ).toEqual([
      [
        "violation",
        'EnvoyFilter "custom": the add-on accepts an EnvoyFilter, but Microsoft does not support problems that it causes. If another Istio resource does the same, use it instead.',
      ],
    ]);
  });

  test.each([
    ["networking.istio.io/v1", "ServiceEntry"],
    ["networking.istio.io/v1", "Gateway"],
    ["example.com/v1", "WasmPlugin"],
    ["install.istio.io/v1alpha1", "IstioOperator"],
  ])("ignores: %s %s", async (version, kind) => {
    expect(await messages([mesh, provider, resource(version, kind)])).toEqual([]);
  });

  test("ignores a cluster without the add-on, and reports an unknown one", async () => {
    const filter = (on: Fixture) => resource("networking.istio.io/v1alpha3", "EnvoyFilter", on);
    const entry = (on: Fixture) => resource("networking.istio.io/v1", "WorkloadEntry", on);
    const plain = cluster({ serviceMeshProfile: undefined });
    const onPlain = kubernetes(plain);
    expect(await messages([plain, onPlain, entry(onPlain), filter(onPlain)])).toEqual([]);
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(await messages([unsure, on, entry(on), filter(on)])).toEqual([
      [
        "violation",
        expect.stringContaining('serviceMeshProfile of ManagedCluster "orders" is known only'),
      ],
    ]);
  });
});
