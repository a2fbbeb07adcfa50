import { describe, expect, test } from "vitest";
import { LEAST, accepted, problemsOf, withKey } from "../../support/settings.ts";

const meshOf = (change: object) => accepted(withKey("mesh", change)).mesh;
const wrong = (change: object, namespaces: object = {}) =>
  problemsOf({ ...withKey("mesh", change), "aks-istio:namespaces": namespaces });

describe("pinned revisions", () => {
  test.each(["prepared", "canary", "promoted"] as const)(
    "may have an upgrade that is %s",
    (phase) => {
      const upgrade = { to: "asm-1-30", phase };
      expect(meshOf({ revision: "asm-1-29", upgrade }).revisions).toEqual({
        revision: "asm-1-29",
        upgrade,
      });
    },
  );

  test("are the default", () => {
    expect(meshOf({ management: "pinned" })).toEqual(accepted(LEAST).mesh);
  });
});

describe("an upgrade", () => {
  const to = (target: unknown, phase: unknown = "prepared", revision = "asm-1-29") =>
    wrong({ revision, upgrade: { to: target, phase } });

  test("requires a target and a phase", () => {
    expect(wrong({ upgrade: {} })).toEqual([
      "aks-istio:mesh.upgrade.phase: missing; must be one of prepared, canary, promoted",
      expect.stringMatching(/^aks-istio:mesh\.upgrade\.to: missing; must be a mesh revision, /),
    ]);
    expect(to("asm-1-30", "canery")).toEqual([
      'aks-istio:mesh.upgrade.phase: found "canery"; must be one of prepared, canary, promoted; did you mean canary?',
    ]);
  });

  test.each(["prepared", "canary", "promoted"])("has a newer target, %s or not", (phase) => {
    expect(to("asm-1-29", phase)).toEqual([
      "aks-istio:mesh.upgrade.to: asm-1-29 is already running: remove upgrade.",
    ]);
    expect(to("asm-1-28", phase)).toEqual([
      "aks-istio:mesh.upgrade.to: asm-1-28 is older than asm-1-29, but AKS does not downgrade a mesh.",
    ]);
  });

  test("is limited to AKS's range, until every namespace follows it", () => {
    const refused = [
      expect.stringMatching(/^aks-istio:mesh\.upgrade\.to: asm-1-30 cannot follow asm-1-26 as of /),
    ];
    const at = (phase: string) =>
      problemsOf({
        ...withKey("mesh", { revision: "asm-1-26", upgrade: { to: "asm-1-30", phase } }),
        "aks-istio:cluster": { ...LEAST["aks-istio:cluster"], kubernetesVersion: "1.34" },
      });
    expect(at("prepared")).toEqual(refused);
    expect(at("canary")).toEqual(refused);
    expect(at("promoted")).toEqual([]);
  });

  test.each(["prepared", "promoted"])(
    "has a target that supports the Kubernetes version, reported once: %s",
    (phase) => {
      const cluster = { ...LEAST["aks-istio:cluster"], kubernetesVersion: "1.31" };
      const mesh = { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase } };
      expect(problemsOf({ ...withKey("mesh", mesh), "aks-istio:cluster": cluster })).toEqual([
        expect.stringMatching(
          /^aks-istio:mesh\.upgrade\.to: found "asm-1-30"; does not run on Kubernetes 1\.31 /,
        ),
      ]);
    },
  );
});

describe("external revisions", () => {
  const external = { revision: undefined, management: "external" };

  test("are omitted", () => {
    expect(meshOf(external)).toEqual({ ...accepted(LEAST).mesh, revisions: "external" });
  });

  test("exclude settings that require known revisions", () => {
    const given = {
      management: "external",
      revision: "asm-1-30",
      upgrade: { to: "asm-1-29", phase: "prepared" },
      meshConfig: { ca: {} },
    };
    expect(wrong(given, { shop: { canary: true }, cart: { canary: false } })).toEqual([
      "aks-istio:mesh.meshConfig: does not apply with management: external: each revision reads its own ConfigMap, which must exist before the revision starts, and the program cannot know its name at that point; remove it, or set management to pinned",
      "aks-istio:mesh.revision: does not apply with management: external: AKS keeps the revisions that run; remove it, or set management to pinned",
      "aks-istio:mesh.upgrade: does not apply with management: external: the mesh is upgraded outside the program; remove it, or set management to pinned",
      "aks-istio:namespaces.shop.canary: does not apply with mesh.management: external: every namespace follows the newest revision that runs; remove it, or set mesh.management to pinned",
    ]);
  });
});

describe("MeshConfig", () => {
  test("is passed on unchanged", () => {
    const meshConfig = {
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      defaultConfig: { holdApplicationUntilProxyStarts: true },
    };
    expect(meshOf({ meshConfig }).meshConfig).toEqual(meshConfig);
    expect(meshOf({ meshConfig: null }).meshConfig).toEqual({});
  });

  test("is validated completely", () => {
    const meshConfig = {
      accesLogFile: "/dev/stdout",
      rootNamespace: "istio-config",
      defaultConfig: { concurrency: 0 },
    };
    expect(wrong({ meshConfig })).toEqual([
      expect.stringMatching(
        /^aks-istio:mesh\.meshConfig\.accesLogFile: .* Did you mean accessLogFile\?$/,
      ),
      expect.stringMatching(
        /^aks-istio:mesh\.meshConfig\.defaultConfig\.concurrency: .* must be an integer of at least 1/,
      ),
      "aks-istio:mesh.meshConfig.rootNamespace: The add-on blocks the field rootNamespace of Istio's MeshConfig. Remove it.",
    ]);
  });

  test("is a mapping", () => {
    expect(wrong({ meshConfig: "accessLogFile: /dev/stdout" })).toEqual([
      "aks-istio:mesh.meshConfig: A MeshConfig must be an object.",
    ]);
  });
});
