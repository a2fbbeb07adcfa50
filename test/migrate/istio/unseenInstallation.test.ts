import { describe, expect, test } from "vitest";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { unseenEntries } from "../../../migrate/istio/unseenInstallation.ts";
import { authorization, migrated, networking } from "./migrated.ts";

/** What is said of some files, without what is said of their objects. */
function unseen(files: Readonly<Record<string, string>>) {
  const texts = new Map(Object.entries(files));
  const manifests = [...texts].flatMap(([file, text]) => readManifestText(text, file).manifests);
  return unseenEntries(manifests, texts, migrated(files).entries);
}

const subjects = (files: Readonly<Record<string, string>>) =>
  unseen(files).map(({ outcome, subject }) => `${outcome} ${subject}`);

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  more: string,
  ns = "istio-system",
) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${ns}\n${more}\n`;
const POLICY = authorization("{}", "istio-config");
const namespace = (label: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    ${label}\n`;

describe("the installation of the own Istio", () => {
  test.each([
    ["install.istio.io/v1alpha1", "IstioOperator", "own", "spec: {}", true],
    ["install.istio.io/v1alpha1", "IstioOperator", "own", "spec: {profile: empty}", false],
    [
      "install.istio.io/v1alpha1",
      "IstioOperator",
      "own",
      "spec: {profile: empty, components: {pilot: {enabled: true}}}",
      true,
    ],
    ["sailoperator.io/v1", "Istio", "default", "spec: {version: v1.30.0}", true],
    ["v1", "ConfigMap", "istio", "data: {mesh: 'a: 1'}", true],
    ["v1", "ConfigMap", "istio", "data: {other: 'a: 1'}", false],
    [
      "helm.toolkit.fluxcd.io/v2",
      "HelmRelease",
      "istiod",
      "spec: {chart: {spec: {chart: istiod, sourceRef: {name: istio}}}}",
      true,
    ],
    [
      "helm.toolkit.fluxcd.io/v2",
      "HelmRelease",
      "gateway",
      "spec: {chart: {spec: {chart: gateway, sourceRef: {name: istio}}}}",
      false,
    ],
    ["apps/v1", "Deployment", "istiod", "spec: {}", false],
  ])("%s %s %s with %s is seen: %s", (apiVersion, kind, name, more, isSeen) => {
    const files = { "i.yaml": object(apiVersion, kind, name, more), "p.yaml": POLICY };
    expect(subjects(files)).toEqual(isSeen ? [] : ["blocker MeshConfig"]);
  });

  test.each([
    ["a policy that stays", { "p.yaml": POLICY }, true],
    ["a namespace to label", { "n.yaml": namespace("istio-injection: enabled") }, true],
    ["a namespace outside of the mesh", { "n.yaml": namespace("team: a") }, false],
    [
      "a mesh of the add-on",
      { "n.yaml": namespace("istio.io/rev: asm-1-30"), "p.yaml": POLICY },
      false,
    ],
    ["a policy of the add-on", { "p.yaml": authorization("{}", "aks-istio-system") }, false],
    [
      "a mesh of the add-on and another one",
      {
        "n.yaml": namespace("istio.io/rev: asm-1-30"),
        "p.yaml": authorization("{}", "istio-system"),
      },
      true,
    ],
  ])("is missed for %s: %s", (_, files, isMissed) => {
    expect(subjects(files)).toEqual(isMissed ? ["blocker MeshConfig"] : []);
  });
});

describe("values of Istio's charts that are not read", () => {
  test.each([
    ["values-istiod.yaml", "meshConfig:\n  rootNamespace: x\n", true],
    ["a.yaml", "meshConfig:\n  rootNamespace: x\n", true],
    ["a.yaml", "istiod:\n  pilot:\n    env: {}\n", true],
    ["a.yaml", "global:\n  istioNamespace: mesh\n", true],
    ["istio/values.yaml", "service:\n  loadBalancerIP: 192.0.2.1\n", true],
    ["shop/values.yaml", "image: istio\n", false],
    ["mesh/values.yaml", "service:\n  loadBalancerIP: 192.0.2.1\n", false],
    [
      "Chart.yaml",
      "apiVersion: v2\nname: mesh\ndependencies:\n- name: istiod\n  repository: https://istio-release.storage.googleapis.com/charts\n",
      true,
    ],
    [
      "Chart.yaml",
      "apiVersion: v2\nname: istio-shop\ndependencies:\n- name: base\n  repository: https://charts.example.com\n",
      false,
    ],
    ["op.yaml", object("install.istio.io/v1alpha1", "IstioOperator", "own", "spec: {}"), false],
  ])("%s with %j is told: %s", (file, text, isTold) => {
    expect(subjects({ [file]: text })).toEqual(isTold ? [`blocker ${file}`] : []);
  });
});

describe("trust domains", () => {
  const policy = (principal: string) =>
    authorization(`rules:\n- from:\n  - source:\n      principals: ["${principal}"]`);
  const condition = (principal: string) =>
    authorization(`rules:\n- when:\n  - key: source.principal\n    notValues: ["${principal}"]`);
  const config = (mesh: string) =>
    object("install.istio.io/v1alpha1", "IstioOperator", "own", `spec: {meshConfig: ${mesh}}`);

  test.each([
    ["corp.example.com/ns/shop/sa/web", "{}", true],
    ["corp.example.com/ns/shop/sa/web", "{trustDomain: corp.example.com}", false],
    ["corp.example.com/ns/shop/sa/web", "{trustDomainAliases: [corp.example.com]}", false],
    ["corp.example.com/ns/shop/sa/web", "{trustDomain: example.com}", true],
    ["cluster.local/ns/shop/sa/web", "{trustDomain: corp.example.com}", false],
    ["*/ns/shop/sa/web", "{}", false],
  ])("a principal %s with MeshConfig %s is not known: %s", (principal, mesh, isUnknown) => {
    for (const text of [policy(principal), condition(principal)]) {
      const { blockers } = migrated({ "i.yaml": config(mesh), "p.yaml": text });
      expect(blockers).toEqual(
        isUnknown
          ? [
              "corp.example.com is the trust domain of no MeshConfig that was read. That of the add-on is cluster.local, unless the shared ConfigMap names another one.",
            ]
          : [],
      );
    }
  });

  test("other conditions have no principals", () => {
    const text = condition("corp.example.com/ns/x/sa/y").replace(
      "source.principal",
      "request.headers[a]",
    );
    expect(migrated(text).blockers).toEqual([]);
    expect(migrated(networking("ServiceEntry", "hosts: [corp.example.com]")).blockers).toEqual([]);
  });
});
