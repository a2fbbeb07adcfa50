import { isRecord } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";

/** A Kustomization of Flux: a directory of a source, and how Flux applies it. */
export interface FluxKustomization {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly source: Reference;
  /** By their places in the object. */
  readonly dependsOn: readonly Reference[];
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A reference to another object, which is in the same namespace unless it says otherwise. */
export interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const GROUP = "kustomize.toolkit.fluxcd.io/";

/** The namespace of Flux itself, and of objects of which nothing says another. */
const FLUX_NAMESPACE = "flux-system";

export function isFluxKustomization({ apiVersion, kind }: Manifest): boolean {
  return kind === "Kustomization" && apiVersion.startsWith(GROUP);
}

/** Undefined if the object is not a Kustomization of Flux, or another cluster applies it. */
export function fluxKustomizationOf(manifest: Manifest): FluxKustomization | undefined {
  const { namespace = FLUX_NAMESPACE, name, object } = manifest;
  const { spec } = object;
  if (!isFluxKustomization(manifest) || name === undefined || !isRecord(spec)) return undefined;
  // A remote cluster, which is not the one that is checked.
  if (spec["kubeConfig"] !== undefined) return undefined;
  const path = spec["path"];
  return {
    manifest,
    namespace,
    name,
    path: typeof path === "string" ? path : ".",
    source: referenceOf(spec["sourceRef"], namespace),
    dependsOn: recordsOf(spec["dependsOn"]).map((one) => ({
      ...referenceOf(one, namespace),
      kind: "Kustomization",
    })),
    spec,
  };
}

/** The objects in a list; other items are left out. */
export function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function referenceOf(value: unknown, namespace: string): Reference {
  const { kind, name, namespace: other } = isRecord(value) ? value : {};
  return {
    kind: typeof kind === "string" ? kind : "",
    namespace: typeof other === "string" ? other : namespace,
    name: typeof name === "string" ? name : "",
  };
}
