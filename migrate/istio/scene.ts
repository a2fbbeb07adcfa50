import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { OWN_ISTIO_NAMESPACE, isIstioGroup } from "../../mesh/ownIstio.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { chartOf } from "./charts.ts";
import { GatewayChoice, gatewayId, ownGateways } from "./gateways.ts";
import { keepsMeshConfig } from "./installation.ts";
import { groupOf, templatePath } from "./kinds.ts";
import { isKustomization, referencesOf } from "./kustomize.ts";
import { directoriesOf, filesOf, normalizedFile } from "./kustomizeTree.ts";
import { joinsMesh } from "./namespaces.ts";
import { whyOwn } from "./ownObjects.ts";
import { revisionVariablesOf } from "./revisionVariables.ts";
import { settingsOf } from "./settings.ts";
import { trustDomainsOf } from "./trustDomains.ts";
import type { World } from "./world.ts";

/** What the user decides about a migration. */
export interface Target {
  /** `asm-1-30`, or a variable such as `${mesh_revision}`. */
  readonly revision: string;
  /** The add-on's gateways for own ones, by the label `istio` of these. */
  readonly ingress: ReadonlyMap<string, IngressGatewayKind>;
  /** The add-on's gateway for own ones whose Services do not tell. */
  readonly otherIngress: IngressGatewayKind | undefined;
  /** The directory of the changed manifests in commands. */
  readonly out: string;
}

/** What the objects of a mesh say together. */
export function worldOf(manifests: readonly Manifest[], target: Target): World {
  const namespacesOf = namespacesIn(manifests);
  const roots = rootsOf(manifests, namespacesOf);
  const meshRoots = meshRootsOf(manifests, roots);
  const chosen = [...target.ingress].map(([label, kind]) => [gatewayId(label), kind] as const);
  const own = ownGateways(
    manifests.map((one) => ({ ...one, namespace: namespacesOf(one)[0] ?? one.namespace })),
  );
  const gateways = new GatewayChoice(own, new Map(chosen), target.otherIngress);
  const joining = membershipOf(manifests);
  const world = {
    revision: target.revision,
    revisionVariables: revisionVariablesOf(manifests),
    roots,
    meshRoots,
    trustDomains: trustDomainsOf(manifests),
    gateways,
    podLabels: manifests.flatMap((manifest) => podLabelsOf(manifest, roots)),
    credentials: credentialsOf(manifests),
    gatewayServices: gatewayServicesOf(manifests, roots, gateways),
    namespaceOf: (manifest: Manifest) => {
      const all = namespacesOf(manifest);
      const isOfMesh = (one: string) =>
        roots.has(one) || meshRoots.has(one) || gateways.namespaces.has(one);
      return all.find(isOfMesh) ?? all[0];
    },
    isPatch: patchesOf(manifests),
    joinsMesh: (namespace: string | undefined) => joining.get(namespace ?? ""),
  };
  return {
    ...world,
    hasMeshConfig: manifests.some((manifest) => keepsMeshConfig(manifest, world)),
  };
}

function rootsOf(manifests: readonly Manifest[], namespacesOf: Namespaces): ReadonlySet<string> {
  const found = manifests.flatMap((manifest): readonly (string | undefined)[] => {
    const { kind, name, object } = manifest;
    const values = valueAt(object, "spec", "values");
    const given = textAt(values, "global", "istioNamespace");
    if (kind === "IstioOperator") return [given];
    if (kind === "Istio" || kind === "IstioRevision") {
      return [given, textAt(object, "spec", "namespace")];
    }
    if (kind === "Deployment" && name === "istiod") return namespacesOf(manifest);
    return chartOf(manifest)
      .filter(({ chart }) => chart === "istiod")
      .flatMap(({ targetNamespace }) =>
        targetNamespace === undefined ? namespacesOf(manifest) : [targetNamespace],
      );
  });
  const named = found.filter((one) => one !== undefined && !one.startsWith("aks-istio-"));
  return new Set([OWN_ISTIO_NAMESPACE, ...named.filter((one) => one !== undefined)]);
}

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-root_namespace */
function meshRootsOf(
  manifests: readonly Manifest[],
  roots: ReadonlySet<string>,
): ReadonlySet<string> {
  const named = manifests
    .flatMap((one) => settingsOf(one).configs)
    .map(({ config }) => textAt(config, "rootNamespace") ?? "")
    .filter((one) => one !== "" && !one.startsWith("aks-istio-"));
  return named.length > 0 ? new Set(named) : roots;
}

type Namespaces = (manifest: Manifest) => readonly string[];

/** The namespaces of an object: those that Kustomize files set, which replace its own, and its own. */
function namespacesIn(manifests: readonly Manifest[]): Namespaces {
  const directories = directoriesOf(manifests);
  const byFile = new Map<string, string[]>();
  for (const kustomization of directories.values()) {
    const namespace = textAt(kustomization.object, "namespace");
    if (namespace === undefined) continue;
    for (const file of filesOf(kustomization, directories)) {
      byFile.set(file, [...(byFile.get(file) ?? []), namespace]);
    }
  }
  return (manifest) => [
    ...(byFile.get(normalizedFile(manifest)) ?? []),
    ...(manifest.namespace === undefined ? [] : [manifest.namespace]),
  ];
}

function gatewayServicesOf(
  manifests: readonly Manifest[],
  roots: ReadonlySet<string>,
  gateways: GatewayChoice,
): ReadonlySet<string> {
  const services = manifests.filter(
    (one) =>
      one.kind === "Service" && roots.has(one.namespace ?? "") && whyOwn(one, roots) === undefined,
  );
  return new Set(
    services
      .filter(({ object }) => gateways.isIngress(textAt(object, "spec", "selector", "istio") ?? ""))
      .map(({ name = "" }) => name),
  );
}

function patchesOf(manifests: readonly Manifest[]): World["isPatch"] {
  const files = new Set(
    manifests
      .filter(isKustomization)
      .flatMap(referencesOf)
      .filter(({ at }) => String(at[0]).startsWith("patches"))
      .map(({ path }) => path),
  );
  return ({ origin }) => files.has(origin.file);
}

function membershipOf(manifests: readonly Manifest[]): ReadonlyMap<string, boolean> {
  const members = new Map<string, boolean>();
  for (const { kind, name = "", object } of manifests) {
    if (kind !== "Namespace") continue;
    const joins = joinsMesh(valueAt(object, "metadata", "labels"));
    members.set(name, joins || members.get(name) === true);
  }
  return members;
}

function podLabelsOf(manifest: Manifest, roots: ReadonlySet<string>) {
  const template = templatePath(manifest);
  if (template === undefined || whyOwn(manifest, roots) !== undefined) return [];
  const labels = valueAt(manifest.object, ...template, "metadata", "labels");
  return isRecord(labels) ? [labels] : [];
}

/** With mutual TLS, a gateway also reads `<name>-cacert`. */
function credentialsOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  const names = manifests
    .filter((one) => one.kind === "Gateway" && isIstioGroup(groupOf(one)))
    .flatMap(({ object }) => listAt(object, "spec", "servers"))
    .flatMap((server) => [
      textAt(server, "tls", "credentialName"),
      ...listAt(server, "tls", "credentialNames"),
    ])
    .filter((name) => typeof name === "string");
  return new Set(names.flatMap((name) => [name, `${name}-cacert`]));
}
