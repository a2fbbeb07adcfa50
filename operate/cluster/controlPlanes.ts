import type { InjectingRevisions } from "../../mesh/injection.ts";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { ClusterObject } from "./clusterObject.ts";
import type { ClusterState } from "./clusterState.ts";

/**
 * The label of the webhooks of a revision tag, whose value is the tag.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml
 */
export const TAG_LABEL = "istio.io/tag";

/** A control plane of the add-on, by its revision. */
export interface ControlPlane {
  readonly revision: MeshRevision;
  readonly deployment: ClusterObject;
}

/**
 * The control planes of the add-on, the oldest revision first: the Deployments `istiod-<revision>`. Reads Deployments.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#verify-successful-installation
 */
export function controlPlanes(state: ClusterState): readonly ControlPlane[] {
  return state
    .all("apps/Deployment")
    .flatMap((deployment) => {
      const { name, namespace } = deployment.metadata;
      const revision = name.replace(/^istiod-/, "");
      const isIstiod = namespace === CONTROL_PLANE_NAMESPACE && revision !== name;
      return isIstiod && isMeshRevision(revision) ? [{ revision, deployment }] : [];
    })
    .sort((one, other) => compareRevisions(one.revision, other.revision));
}

/**
 * The revisions whose control planes exist, and the revision of each tag. Reads Deployments and mutating webhooks.
 *
 * @see https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels
 */
export function injectingRevisions(state: ClusterState): InjectingRevisions {
  const webhooks = state.all("admissionregistration.k8s.io/MutatingWebhookConfiguration");
  return {
    revisions: controlPlanes(state).map(({ revision }) => revision),
    tags: Object.fromEntries(
      webhooks.flatMap(({ metadata: { labels = {} } }) => {
        const [tag, revision] = [labels[TAG_LABEL], labels[REVISION_LABEL]];
        return tag === undefined || revision === undefined ? [] : [[tag, revision]];
      }),
    ),
  };
}
