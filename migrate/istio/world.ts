import type { Manifest } from "../../manifests/manifest.ts";
import type { GatewayChoice } from "./gateways.ts";

/** The variables of Flux that are written as revisions, and the ConfigMaps that may set them. */
export interface RevisionVariables {
  readonly names: ReadonlySet<string>;
  readonly configMaps: ReadonlySet<string>;
}

/** What the judgement of an object needs to know of the others, and of the target. */
export interface World {
  /** The revision that takes over: `asm-1-30`, or a variable such as `${mesh_revision}`. */
  readonly revision: string;
  /** What sets the variables of Flux that are written as revisions. */
  readonly revisionVariables: RevisionVariables;
  /** The namespaces of the control planes of the own Istio. */
  readonly roots: ReadonlySet<string>;
  /** The namespaces from which policies apply to a whole mesh: those of control planes, unless MeshConfig names others. */
  readonly meshRoots: ReadonlySet<string>;
  readonly gateways: GatewayChoice;
  /** The trust domains of the own meshes, with their aliases and Istio's default. */
  readonly trustDomains: ReadonlySet<string>;
  /** The labels of pods that stay: those of workloads that do not belong to the own Istio. */
  readonly podLabels: readonly Readonly<Record<string, unknown>>[];
  /** The names of the TLS secrets that Gateways use. */
  readonly credentials: ReadonlySet<string>;
  /** The names of other Services in the root namespaces that select the pods of own ingress gateways. */
  readonly gatewayServices: ReadonlySet<string>;
  /**
   * The namespace of an object: its own, or one that a Kustomize file sets. If several Kustomize files set some,
   * that of the own Istio.
   */
  readonly namespaceOf: (manifest: Manifest) => string | undefined;
  /** Whether the labels of a namespace bring its pods into the mesh; undefined if no object shows them. */
  readonly joinsMesh: (namespace: string | undefined) => boolean | undefined;
  /** Whether any MeshConfig remains for the add-on. */
  readonly hasMeshConfig: boolean;
  /** Whether Kustomize patches another object with it, so it shows only a part. */
  readonly isPatch: (manifest: Manifest) => boolean;
}

/** Whether objects of a namespace may have to move to one of the add-on. */
export function isLeft(namespace: string, world: World): boolean {
  return isOwnNamespace(namespace, world) || world.meshRoots.has(namespace);
}

/** Whether the own Istio, its control plane or its gateways, has a namespace. */
export function isOwnNamespace(namespace: string, { roots, gateways }: World): boolean {
  return roots.has(namespace) || gateways.namespaces.has(namespace);
}
