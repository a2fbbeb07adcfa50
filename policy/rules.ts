import type { Rule } from "./lib/rule.ts";
import { meshNoIstioHelm } from "./rules/mesh/mesh-no-istio-helm.ts";
import { meshOsmConflict } from "./rules/mesh/mesh-osm-conflict.ts";
import { meshRevisionKnown } from "./rules/mesh/mesh-revision-known.ts";
import { meshRevisionKubernetesCompat } from "./rules/mesh/mesh-revision-kubernetes-compat.ts";
import { nsNoLegacyInjectionLabel } from "./rules/ns/ns-no-legacy-injection-label.ts";
import { nsRevisionOnCluster } from "./rules/ns/ns-revision-on-cluster.ts";

/** Every rule of the pack, in the order of its areas. */
export const rules: readonly Rule[] = [
  meshOsmConflict,
  meshRevisionKnown,
  meshRevisionKubernetesCompat,
  meshNoIstioHelm,
  nsNoLegacyInjectionLabel,
  nsRevisionOnCluster,
];
