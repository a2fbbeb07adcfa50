import { describe, expect, test } from "vitest";
import {
  opaque,
  ownsNamespace,
  unseenSources,
  unseenSourcesClusterWide,
} from "../../../policy/model/opaque.ts";
import { defineRule } from "../../../policy/engine/rule.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubernetes,
  namespace,
  object,
} from "../../support/fixtures.ts";
import type { Fixture, Props } from "../../support/fixtures.ts";
import { ON_NAMESPACES, run } from "../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const west = cluster({}, "west");
const onWest = kubernetes(west);

const rule = defineRule({
  ...ON_NAMESPACES,
  *check(shop, { stack }) {
    if (!stack.complete || shop.name !== "shop") return;
    for (const place of ["shop", "other"]) {
      if (unseenSources(shop, [place], stack).length > 0) yield place;
    }
    if (unseenSources(shop, [undefined], stack).length > 0) yield "somewhere";
    if (unseenSourcesClusterWide(shop, stack).length > 0) yield "outside of namespaces";
  },
});

/** In which places an object may exist that the stack does not show. */
async function unseen(...makers: Fixture[]): Promise<readonly string[]> {
  const stack = [mesh, provider, west, onWest, namespace(provider), ...makers];
  return (await run(rule, stack)).map(({ message }) => message.replace(/^.*: /, ""));
}

const NONE: readonly string[] = [];
const ELSEWHERE = ["somewhere"];
const IN_SHOP = ["shop", "somewhere"];
const ANYWHERE = ["shop", "other", "somewhere", "outside of namespaces"];
const IN_SHOP_AND_OUTSIDE = ["shop", "somewhere", "outside of namespaces"];

const made = (type: string, props: Props = {}, by: Fixture = provider): Fixture => ({
  type,
  name: "made",
  props,
  provider: by,
});
const custom = (version: string, kind: string, spec: Props, where: unknown = "shop") =>
  object(provider, version, kind, { metadata: { name: "made", namespace: where }, spec }, "made");

describe("an object outside the stack", () => {
  test("exists nowhere without a resource that may create it", async () => {
    expect(await unseen()).toEqual(NONE);
    expect(await unseen(namespace(provider, {}, "b"))).toEqual(NONE);
  });

  test.each([
    "kubernetes:yaml:ConfigFile",
    "kubernetes:yaml:ConfigGroup",
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:kustomize:Directory",
    "kubernetes:kustomize/v2:Directory",
  ])("may be anywhere on the cluster of %s", async (type) => {
    expect(await unseen(made(type))).toEqual(ANYWHERE);
    expect(await unseen(made(type, {}, onWest))).toEqual(NONE);
    // The stack does not show where a component of the program lands.
    expect(await unseen({ type, name: "made", props: {} })).toEqual(ANYWHERE);
  });

  test("does not exist if a component shows its children", async () => {
    const parent: Fixture = { type: "kubernetes:yaml:ConfigGroup", name: "made", props: {} };
    const file: Fixture = { type: "kubernetes:yaml:ConfigFile", name: "made", props: {}, parent };
    const part = { ...object(provider, "core/v1", "Service", {}), parent: file };
    expect(await unseen(parent, file)).toEqual(ANYWHERE);
    expect(await unseen(parent, file, part)).toEqual(NONE);
  });

  describe.each([
    ["kubernetes:helm.sh/v3:Release"],
    ["kubernetes:helm.sh/v3:Chart"],
    ["kubernetes:helm.sh/v4:Chart"],
  ])("from %s", (type) => {
    const published = { chart: "cert-manager" };

    test("is in its namespace", async () => {
      expect(await unseen(made(type, { ...published, namespace: "shop" }))).toEqual(IN_SHOP);
      expect(await unseen(made(type, { ...published, namespace: "cert-manager" }))).toEqual(
        ELSEWHERE,
      );
      expect(await unseen(made(type, published))).toEqual(ELSEWHERE);
      expect(await unseen(made(type, { ...published, namespace: "shop" }, onWest))).toEqual(NONE);
      expect(await unseen(made(type, { ...published, namespace: UNKNOWN }))).toEqual(ANYWHERE);
    });

    test("is in the namespace of its provider, or of the stack", async () => {
      const inShop = { ...provider, props: { ...provider.props, namespace: "shop" } };
      expect(await unseen(inShop, made(type, published, inShop))).toEqual(IN_SHOP);
      const shop = namespace(provider);
      const taken = {
        ...made(type, { ...published, namespace: UNKNOWN }),
        from: { namespace: [shop] },
      };
      expect(await unseen(shop, taken)).toEqual(IN_SHOP);
    });

    test.each([
      { chart: "./charts/mesh" },
      { chart: "/charts/mesh" },
      { chart: UNKNOWN },
      { path: "charts/mesh" },
    ])("may be cluster-scoped in the team's own chart: %j", async (chart) => {
      expect(await unseen(made(type, { ...chart, namespace: "shop" }))).toEqual(
        IN_SHOP_AND_OUTSIDE,
      );
    });

    test("may be cluster-scoped in a chart next to the control plane", async () => {
      expect(await unseen(made(type, { ...published, namespace: "aks-istio-system" }))).toEqual([
        "somewhere",
        "outside of namespaces",
      ]);
    });
  });

  describe("from Flux", () => {
    const HELM = "helm.toolkit.fluxcd.io/v2";
    const KUSTOMIZE = "kustomize.toolkit.fluxcd.io/v1";

    test("is where a HelmRelease puts it", async () => {
      expect(await unseen(custom(HELM, "HelmRelease", {}))).toEqual(IN_SHOP);
      expect(await unseen(custom(HELM, "HelmRelease", {}, "flux-system"))).toEqual(ELSEWHERE);
      const target = { targetNamespace: "shop" };
      expect(await unseen(custom(HELM, "HelmRelease", target, "flux-system"))).toEqual(IN_SHOP);
      expect(await unseen(custom(HELM, "HelmRelease", { targetNamespace: UNKNOWN }))).toEqual(
        ANYWHERE,
      );
      const chart = { spec: { chart: "charts/a", sourceRef: { kind: "GitRepository" } } };
      expect(await unseen(custom(HELM, "HelmRelease", { chart }))).toEqual(IN_SHOP_AND_OUTSIDE);
    });

    test("is where a Kustomization puts it, otherwise anywhere", async () => {
      expect(await unseen(custom(KUSTOMIZE, "Kustomization", {}, "flux-system"))).toEqual(ANYWHERE);
      const target = { targetNamespace: "shop" };
      expect(await unseen(custom(KUSTOMIZE, "Kustomization", target))).toEqual(IN_SHOP_AND_OUTSIDE);
    });

    test.each([
      [HELM, "HelmRelease", IN_SHOP],
      [KUSTOMIZE, "Kustomization", ANYWHERE],
    ])("may be on another cluster because of %s:%s", async (version, kind, expected) => {
      const there = (spec: Props) => ({ ...custom(version, kind, spec), provider: onWest });
      expect(await unseen(there({}))).toEqual(NONE);
      expect(await unseen(there({ kubeConfig: { secretRef: { name: "a" } } }))).toEqual(expected);
    });

    test("is on the cluster of an Azure Flux configuration", async () => {
      const flux = (props: Props): Fixture => ({
        type: "azure-native:kubernetesconfiguration:FluxConfiguration",
        name: "made",
        props,
      });
      expect(await unseen(flux({ clusterName: "orders" }))).toEqual(ANYWHERE);
      expect(await unseen(flux({ clusterName: "west" }))).toEqual(NONE);
      const scoped = { clusterName: "orders", scope: "namespace" };
      expect(await unseen(flux({ ...scoped, namespace: "shop" }))).toEqual(IN_SHOP_AND_OUTSIDE);
      expect(await unseen(flux({ ...scoped, namespace: UNKNOWN }))).toEqual(ANYWHERE);
    });
  });

  describe("from Argo CD", () => {
    const application = (spec: Props, kind = "Application") =>
      custom("argoproj.io/v1alpha1", kind, spec, "argocd");
    const to = (destination: Props) => ({ destination });

    test("may be anywhere, except the objects of a chart", async () => {
      expect(await unseen(application({}))).toEqual(ANYWHERE);
      expect(await unseen(application({}, "ApplicationSet"))).toEqual(ANYWHERE);
      expect(await unseen(application(to({ namespace: "b" })))).toEqual(ANYWHERE);
      const chart = { source: { chart: "redis" } };
      expect(await unseen(application({ ...chart, ...to({ namespace: "b" }) }))).toEqual(ELSEWHERE);
      expect(await unseen(application({ ...chart, ...to({ namespace: "shop" }) }))).toEqual(
        IN_SHOP,
      );
    });

    test.each<[Props, readonly string[]]>([
      [{}, NONE],
      [{ server: "https://kubernetes.default.svc" }, NONE],
      [{ name: "in-cluster" }, NONE],
      [{ server: "https://orders.example.com" }, ANYWHERE],
      [{ server: UNKNOWN }, ANYWHERE],
      [{ name: "orders" }, ANYWHERE],
    ])("may be on another cluster: %j", async (destination, expected) => {
      const there = { ...application(to(destination)), provider: onWest };
      expect(await unseen(there)).toEqual(expected);
    });

    test("may be on another cluster because of an ApplicationSet", async () => {
      const there = { ...application({}, "ApplicationSet"), provider: onWest };
      expect(await unseen(there)).toEqual(ANYWHERE);
    });
  });
});

describe("a resource whose contents the preview shows", () => {
  const releaseIn = (namespace: string, name: string): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name,
    props: { namespace, chart: "./web" },
    provider,
  });
  const partOf = (parent: Fixture): Fixture => ({
    ...object(provider, "core/v1", "Service", {}, `${parent.name}-part`),
    parent,
  });

  test("leaves only the namespaces of others open", async () => {
    const [shop, other] = [releaseIn("shop", "web"), releaseIn("other", "api")];
    expect(await unseen(shop)).toEqual(IN_SHOP_AND_OUTSIDE);
    expect(await unseen(shop, partOf(shop))).toEqual(NONE);
    expect(await unseen(shop, partOf(shop), other)).toEqual([
      "other",
      "somewhere",
      "outside of namespaces",
    ]);
  });

  test.each<[Props, readonly string[]]>([
    [{ resources: [] }, NONE],
    [{ resources: UNKNOWN }, ANYWHERE],
    [{}, ANYWHERE],
  ])("may have none: with the outputs %j", async (outputs, expected) => {
    const group = { type: "kubernetes:yaml/v2:ConfigGroup", name: "made", props: {}, outputs };
    expect(await unseen(group)).toEqual(expected);
  });
});

test("the creator is named", async () => {
  const naming = defineRule({
    ...ON_NAMESPACES,
    check: (_, { stack }) => (stack.complete ? opaque(stack).map(({ label }) => label) : []),
  });
  const makers = [made("kubernetes:yaml/v2:ConfigFile"), helmRelease(provider)];
  const reports = await run(naming, [mesh, provider, namespace(provider), ...makers]);
  expect(reports.map(({ message }) => message)).toEqual([
    'Namespace "shop": ConfigFile "made"',
    'Namespace "shop": Release "shop"',
  ]);
});

describe("a namespace", () => {
  const owning = defineRule({
    ...ON_NAMESPACES,
    check: (one, { stack }) => (stack.complete && ownsNamespace(one, "b", stack) ? ["owned"] : []),
  });
  const owned = async (...stack: Fixture[]) =>
    (await run(owning, [mesh, provider, west, onWest, ...stack])).length > 0;

  test("belongs to the stack that creates it", async () => {
    const patch = namespace(provider, {}, "b");
    expect(await owned(namespace(provider), namespace(provider, {}, "b"))).toBe(true);
    expect(await owned(namespace(provider))).toBe(false);
    expect(await owned({ ...patch, type: `${patch.type}Patch` })).toBe(false);
  });

  test("is not the one on another cluster", async () => {
    const reports = await run(owning, [
      mesh,
      provider,
      west,
      onWest,
      namespace(provider),
      namespace(onWest, {}, "b"),
    ]);
    expect(reports.map(({ resource }) => resource)).toEqual(["b"]);
  });

  test("is recognized by its resource if Pulumi generates the name", async () => {
    expect(await owned(object(provider, "core/v1", "Namespace", {}, "b"))).toBe(true);
  });
});
