import { describe, expect, test } from "vitest";
import { judgeSettingsChange } from "../../settings/change.ts";
import type { Settings } from "../../settings/schema.ts";
import { APPS, ADMINISTRATOR, LEAST, accepted } from "../support/settings.ts";
import type { Config } from "../support/settings.ts";

/** The settings of a stack with this mesh, whose namespace web follows a canary first. */
function stack(mesh: object, more: Config = {}) {
  return accepted({
    ...LEAST,
    "aks-istio:mesh": mesh,
    "aks-istio:namespaces": { web: { canary: true }, out: {} },
    ...more,
  });
}

const OLD = { revision: "asm-1-29" };
const during = (phase: string) => ({ ...OLD, upgrade: { to: "asm-1-30", phase } });

const changeProblems = (before: Settings, after: Settings) =>
  judgeSettingsChange(before, after).problems;

const lines = (before: object, after: object) =>
  changeProblems(stack(before), stack(after)).map(({ path, message }) => `${path}: ${message}`);

describe("an upgrade moves one step per deployment", () => {
  const course = [OLD, during("prepared"), during("canary"), during("promoted")];
  const END = { revision: "asm-1-30" };

  test("forwards", () => {
    for (const [index, after] of [...course.slice(1), END].entries()) {
      expect(lines(course[index] ?? {}, after)).toEqual([]);
    }
  });

  test("and not further", () => {
    expect(lines(OLD, END)).toEqual([
      "mesh.revision: This change replaces asm-1-29 with asm-1-30 under running workloads. Leave revision at asm-1-29, and set upgrade to { to: asm-1-30, phase: prepared }.",
    ]);
    expect(lines(OLD, during("canary"))).toEqual([
      "mesh.upgrade.phase: This change starts asm-1-30 unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.",
    ]);
    expect(lines(during("canary"), during("prepared"))).toEqual([
      "mesh.upgrade.phase: This change stops asm-1-30, which is still used by web. To roll back, unset canary on web to follow asm-1-29 again.",
    ]);
  });

  test("unless AKS manages the revisions, before or after", () => {
    const external = stack({ management: "external" }, { "aks-istio:namespaces": { web: {} } });
    expect(changeProblems(external, stack(OLD))).toEqual([]);
    expect(changeProblems(stack(during("promoted")), external)).toEqual([]);
  });
});

test("an egress gateway also moves one step, and both are judged together", () => {
  const gateways = (phase: string) => ({
    "aks-istio:gateways": {
      staticEgress: true,
      egress: { partners: { phase, namespace: "out", hosts: { "api.partner.example": "TLS" } } },
    },
  });
  const from = (before: object, phase: string) =>
    changeProblems(stack(OLD), stack(before, gateways(phase))).map(({ path }) => path);
  expect(from(OLD, "prepared")).toEqual([]);
  expect(from(OLD, "enabled")).toEqual(["gateways.egress.partners.phase"]);
  expect(from(during("canary"), "enabled")).toEqual([
    "mesh.upgrade.phase",
    "gateways.egress.partners.phase",
  ]);
});

describe("the differences", () => {
  const change = (before: Config, after: Config) =>
    judgeSettingsChange(accepted({ ...LEAST, ...before }), accepted({ ...LEAST, ...after }));
  const cluster = (fields: object) => ({
    "aks-istio:cluster": { ...LEAST["aks-istio:cluster"], ...fields },
  });

  test("are empty if a default is written out", () => {
    expect(change({}, cluster({ zones: ["1", "2", "3"], network: {} }))).toEqual({
      problems: [],
      judged: [],
      notJudged: [],
    });
  });

  test("are listed with the paths of the stack file, whether a rule checks them or not", () => {
    expect(
      change(
        {},
        {
          ...cluster({ kubernetesVersion: "1.36", tier: "Free", userPools: { apps: {}, gpu: {} } }),
          "aks-istio:namespaces": { web: {} },
          "aks-istio:observability": { metrics: { scrapeInterval: "1m" } },
        },
      ),
    ).toEqual({
      problems: [],
      judged: ["cluster.kubernetesVersion"],
      notJudged: [
        "cluster.tier",
        "cluster.userPools.gpu",
        "namespaces.web",
        "observability.metrics.scrapeInterval",
      ],
    });
  });

  test("are not judged if AKS manages the revisions", () => {
    const { judged, notJudged } = change({}, { "aks-istio:mesh": { management: "external" } });
    expect({ judged, notJudged }).toEqual({ judged: [], notJudged: ["mesh.management"] });
  });

  test("show the path of a secret but not its value", () => {
    const gitops = (httpsKey: string) => ({
      ...LEAST,
      "aks-istio:gitops": {
        url: "https://example.com/a.git",
        reference: { branch: "main" },
        kustomizations: APPS,
        httpsUser: "flux",
        httpsKey,
      },
    });
    const secrets = ["aks-istio:gitops"];
    expect(
      judgeSettingsChange(
        accepted(gitops("planted-1"), secrets),
        accepted(gitops("planted-2"), secrets),
      ),
    ).toEqual({ problems: [], judged: [], notJudged: ["gitops.httpsKey"] });
  });

  test.each<[string, Config, Config, string]>([
    ["the region", {}, { "azure-native:location": "northeurope" }, "azure-native:location"],
    ["the cluster's name", {}, cluster({ name: "orders" }), "cluster.name"],
    ["its resource group", {}, cluster({ resourceGroup: "orders" }), "cluster.resourceGroup"],
    [
      "a Kubernetes downgrade",
      {},
      cluster({ kubernetesVersion: "1.34" }),
      "cluster.kubernetesVersion",
    ],
    [
      "the address space",
      {},
      cluster({ network: { addressSpace: "10.100.0.0/16" } }),
      "cluster.network.addressSpace",
    ],
    [
      "the pod range",
      {},
      cluster({ network: { podCidr: "10.248.0.0/16" } }),
      "cluster.network.podCidr",
    ],
    [
      "the service range",
      {},
      cluster({ network: { serviceCidr: "10.1.0.0/16" } }),
      "cluster.network.serviceCidr",
    ],
    [
      "a private API server",
      {},
      cluster({ apiServer: { access: "private" } }),
      "cluster.apiServer.access",
    ],
    ["zones", {}, cluster({ zones: ["1"] }), "cluster.zones"],
    [
      "the VM size of the system pool",
      {},
      cluster({ systemPool: { vmSize: "Standard_D8ds_v5" } }),
      "cluster.systemPool.vmSize",
    ],
    [
      "the VM size of a pool",
      {},
      cluster({ userPools: { apps: { vmSize: "Standard_D8ds_v5" } } }),
      "cluster.userPools.apps.vmSize",
    ],
    [
      "a CA for an existing mesh",
      {},
      {
        "aks-istio:certificates": {
          since: "creation",
          network: { allowedIPRanges: ["198.51.100.0/24"] },
        },
      },
      "certificates",
    ],
  ])("%s cannot change", (_, before, after, path) => {
    const { problems, judged } = change(before, after);
    expect(problems.map((problem) => [problem.severity, problem.path])).toEqual([["error", path]]);
    expect(judged).toContain(path);
  });

  test("the VM size of an egress pool counts as well", () => {
    const gateways = (vmSize: string) => ({
      "aks-istio:namespaces": { out: {} },
      "aks-istio:gateways": {
        staticEgress: true,
        egress: { partners: { phase: "prepared", namespace: "out", pool: { vmSize } } },
      },
    });
    expect(
      change(gateways("Standard_D4ds_v5"), gateways("Standard_D2ds_v5")).problems.map(
        ({ path }) => path,
      ),
    ).toEqual(["gateways.egress.partners.pool.vmSize"]);
  });

  test("another API for an ingress gateway is a warning", () => {
    const host = { namespace: "shop", service: "web", port: 80, certificate: "web" };
    const gateways = (api: string, more = {}) => ({
      "aks-istio:namespaces": { shop: {} },
      "aks-istio:gateways": {
        keyVaultId: `/subscriptions/${ADMINISTRATOR}/resourceGroups/a/providers/Microsoft.KeyVault/vaults/shop`,
        ingress: { External: { api, hosts: { "shop.example": host }, ...more } },
      },
    });
    const { problems, judged } = change(
      gateways("istio"),
      gateways("gateway-api", { namespace: "shop" }),
    );
    expect(problems.map(({ severity, path }) => [severity, path])).toEqual([
      ["warning", "gateways.ingress.External.api"],
    ]);
    expect(judged).toEqual(["gateways.ingress.External.api"]);
  });

  test("a version that AKS upgrades may be older in the settings", () => {
    const moved = (kubernetesVersion: string) =>
      cluster({ kubernetesVersion, autoUpgrade: { upgradeChannel: "stable" } });
    expect(change(moved("1.35"), moved("1.34")).problems).toEqual([]);
  });
});

describe("a stack with a cluster cannot go back to the phase vault", () => {
  const withCa = (phase?: string) =>
    stack(OLD, {
      "aks-istio:certificates": {
        since: "creation",
        ...(phase !== undefined && { phase }),
        network: { defaultAction: "Allow" },
      },
    });
  const problems = (before: ReturnType<typeof stack>, after: ReturnType<typeof stack>) =>
    changeProblems(before, after).map(({ path, message }) => `${path}: ${message}`);
  const REFUSED = [
    "certificates.phase: This change deletes the cluster with all that is in it: in the phase vault there is only the vault. Remove phase.",
  ];

  test("with or without a plug-in CA", () => {
    expect(problems(withCa(), withCa("vault"))).toEqual(REFUSED);
    expect(problems(stack(OLD), withCa("vault"))).toEqual(expect.arrayContaining(REFUSED));
  });

  test("but starts from it", () => {
    expect(problems(withCa("vault"), withCa())).toEqual([]);
    expect(problems(withCa("vault"), withCa("vault"))).toEqual([]);
    // There was no cluster before, so no change can be wrong.
    const elsewhere = { ...withCa("vault"), location: "northeurope" };
    expect(problems(elsewhere, withCa())).toEqual([]);
  });
});
