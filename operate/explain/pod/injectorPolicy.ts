import { documentsOf } from "../../../manifests/decodeYaml.ts";
import { DEFAULT_INJECTOR_POLICY } from "../../../mesh/istiodInjection.ts";
import type { InjectorPolicy } from "../../../mesh/istiodInjection.ts";
import type { LabelSelector } from "../../../mesh/labelSelector.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { listAt, textAt } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";

/** What istiod does with pods that say nothing themselves, and where that was read; undefined if it was not. */
export interface ReadPolicy {
  readonly policy: InjectorPolicy;
  readonly place: string | undefined;
}

/**
 * The policy of a revision's istiod. If its ConfigMap is not readable, it is the one that the add-on sets, which users
 * cannot change.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/istiod-injector-configmap.yaml
 */
export function injectorPolicyOf(revision: string, state: ClusterState): ReadPolicy {
  const name = `istio-sidecar-injector-${revision}`;
  const object =
    state.notRead("ConfigMap") === undefined
      ? state
          .all("ConfigMap")
          .find(
            ({ metadata }) =>
              metadata.name === name && metadata.namespace === CONTROL_PLANE_NAMESPACE,
          )
      : undefined;
  const config = parsed(textAt(object, "data", "config"));
  if (config === undefined) return { policy: DEFAULT_INJECTOR_POLICY, place: undefined };
  const selectors = (field: string) => listAt(config, field) as readonly LabelSelector[];
  return {
    policy: {
      policy: textAt(config, "policy") ?? DEFAULT_INJECTOR_POLICY.policy,
      neverInjectSelector: selectors("neverInjectSelector"),
      alwaysInjectSelector: selectors("alwaysInjectSelector"),
    },
    place: `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${name} data.config`,
  };
}

/** The configuration that istiod reads; undefined if there is none, or it is not valid. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return documentsOf(text)[0];
  } catch {
    return undefined;
  }
}
