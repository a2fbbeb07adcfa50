import { describe, expect, test } from "vitest";
import { APPS, accepted, problemsOf, withKey } from "../../support/settings.ts";

const PLATFORM = {
  url: "https://git.example.com/platform/gitops",
  reference: { branch: "main" },
  kustomizations: APPS,
};
const TEAM = {
  url: "https://git.example.com/team-a/deploy",
  reference: { tag: "v1" },
  namespace: "team-a",
  kustomizations: APPS,
};
const AT = "aks-istio:gitops";

const withOthers = (configurations: object, rest: object = {}) =>
  withKey("gitops", { ...PLATFORM, configurations, ...rest });
const problems = (configurations: object) => problemsOf(withOthers(configurations));

describe("further configurations", () => {
  test("have a source, a namespace and the rights of that namespace", () => {
    expect(accepted(withOthers({ "team-a": TEAM })).gitops?.configurations["team-a"]).toEqual({
      ...TEAM,
      kustomizations: { apps: { path: "./apps", dependsOn: [], substitute: {} } },
      scope: "namespace",
      intervalInSeconds: 600,
      timeoutInSeconds: 600,
      waitInSeconds: undefined,
    });
  });

  test("are judged like that of the platform", () => {
    const path = "./a";
    expect(
      problems({
        "team-a": { ...TEAM, reference: undefined, httpsUser: "flux" },
        "team-b": {
          ...TEAM,
          namespace: "team-b",
          kustomizations: {
            apps: { path, dependsOn: ["base"], substitute: { mesh_revision: "x" } },
          },
        },
        "team-c": { ...TEAM, namespace: "team-c", kustomizations: {} },
      }),
    ).toEqual([
      `${AT}.configurations.team-a.httpsKey: missing; is required with httpsUser`,
      `${AT}.configurations.team-a.reference: missing; must be one of branch, tag, semver or commit, such as { branch: main }`,
      `${AT}.configurations.team-b.kustomizations.apps.dependsOn[0]: found "base"; must be one of the kustomizations; they are apps`,
      `${AT}.configurations.team-b.kustomizations.apps.substitute.mesh_revision: is set by the program, from mesh.revision; remove it`,
      `${AT}.configurations.team-c.kustomizations: found an empty map; must name each directory that Flux applies, such as { apps: { path: ./gitops/apps/prod } }`,
    ]);
  });

  test("have secrets that must be encrypted", () => {
    const secret = { ...TEAM, httpsUser: "flux", httpsKey: "planted" };
    expect(problemsOf(withOthers({ "team-a": secret }), [AT])).toEqual([]);
    expect(problems({ "team-a": secret })).toEqual([
      `${AT}.configurations.team-a.httpsKey: found (secret); must not be in the stack file in plain text; set it with pulumi config set --secret --path 'gitops.configurations.team-a.httpsKey'`,
    ]);
  });

  test("have names of their own that leave room for those of kustomizations", () => {
    const fits = "a".repeat(30);
    const rule =
      "the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most 30 characters long";
    expect(problems({ [fits]: TEAM })).toEqual([]);
    expect(
      problems({
        gitops: TEAM,
        [`${fits}a`]: { ...TEAM, namespace: "b" },
        "Team-c": { ...TEAM, namespace: "c" },
      }),
    ).toEqual([
      `${AT}.configurations.Team-c: ${rule}`,
      `${AT}.configurations.${fits}a: ${rule}`,
      `${AT}.configurations.gitops: is the name of the platform's own configuration; choose another name`,
    ]);
    const longest = "a".repeat(32);
    const named = (name: string) => ({ ...TEAM, kustomizations: { [name]: { path: "./a" } } });
    expect(problems({ [fits]: named(longest) })).toEqual([]);
    expect(problems({ [fits]: named(`${longest}a`) })).toEqual([
      expect.stringContaining("be at most 32 characters long"),
    ]);
  });

  test("share no namespace, because that would share rights", () => {
    expect(
      problems({
        "team-a": TEAM,
        "team-b": TEAM,
        "team-c": { ...TEAM, namespace: "flux-system" },
      }),
    ).toEqual([
      `${AT}.configurations.team-b.namespace: found "team-a"; is the namespace of configurations.team-a, whose service account and rights it would share; choose another`,
      `${AT}.configurations.team-c.namespace: found "flux-system"; is the namespace of the platform's own configuration, whose service account and rights it would share; choose another`,
    ]);
    expect(problems({ "team-a": { ...TEAM, namespace: "Team" } })).toEqual([
      `${AT}.configurations.team-a.namespace: found "Team"; must be the name of a namespace, such as team-a`,
    ]);
  });
});

test("a deployment may wait for the reconciliation", () => {
  const waiting = withKey("gitops", { ...PLATFORM, waitForReconciliation: "30m" });
  expect(accepted(waiting).gitops?.waitInSeconds).toBe(1800);
});

describe("the extension", () => {
  const extension = (fields: object) =>
    problemsOf(withKey("gitops", { ...PLATFORM, extension: fields }));

  test("is tuned by controller", () => {
    const controllers = {
      "kustomize-controller": { limits: { cpu: "500m", memory: "2Gi" }, concurrent: 1 },
      "helm-controller": { enabled: false, concurrent: 100 },
    };
    expect(extension({ controllers, multiTenancy: false, workloadIdentity: true })).toEqual([]);
  });

  test("has no other switches and bounds", () => {
    expect(
      extension({
        controllers: {
          "kustomize-controller": { enabled: false, concurrent: 0 },
          "source-controller": { limits: { memory: 2 }, concurrent: 101 },
          "image-automation-controller": { concurrent: 2 },
        },
      }),
    ).toEqual([
      `${AT}.extension.controllers.image-automation-controller.concurrent: no such setting; the keys here are enabled, limits`,
      `${AT}.extension.controllers.kustomize-controller.concurrent: found 0; must be how many objects a controller reconciles at a time, a whole number from 1 to 100`,
      `${AT}.extension.controllers.kustomize-controller.enabled: no such setting; the keys here are limits, concurrent`,
      `${AT}.extension.controllers.source-controller.concurrent: found 101; must be how many objects a controller reconciles at a time, a whole number from 1 to 100`,
      `${AT}.extension.controllers.source-controller.limits.memory: found 2; must be a quantity, such as "8", "500m" or "16Gi", in quotes`,
    ]);
  });

  test("detects drift only with helm-controller", () => {
    expect(extension({ detectDrift: true })).toEqual([]);
    expect(
      extension({ detectDrift: true, controllers: { "helm-controller": { enabled: false } } }),
    ).toEqual([
      `${AT}.extension.detectDrift: found true; requires helm-controller, which controllers switches off; enable it, or remove this`,
    ]);
  });
});
