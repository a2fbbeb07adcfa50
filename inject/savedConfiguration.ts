/** The configuration of an injector, without a cluster. None of it is secret. */
export interface SavedConfiguration {
  readonly revision: string;
  /** Whether the cluster's nodes let the sidecar be an init container that keeps running. */
  readonly nativeSidecars: boolean;
  /** `config` of the ConfigMap `istio-sidecar-injector-<revision>`: the templates. */
  readonly config: string;
  /** `values` of the same. */
  readonly values: string;
  /** The MeshConfig that the revision uses, in YAML. */
  readonly mesh: string;
}

/** The names of its files in a directory, which are those that `istioctl kube-inject` documents. */
export const FILES = {
  /** What the others do not say. */
  about: "injector.json",
  config: "config.yaml",
  values: "values.json",
  mesh: "mesh.yaml",
} as const;
