import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import { OWN_ISTIO_NAMESPACE } from "../../mesh/ownIstio.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { shellWord } from "../../text/shellWord.ts";
import { labelOf, listAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { TAG_LABEL } from "../cluster/controlPlanes.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import type { ObservedMesh } from "./observedMesh.ts";

const MUTATING = "admissionregistration.k8s.io/MutatingWebhookConfiguration";
const VALIDATING = "admissionregistration.k8s.io/ValidatingWebhookConfiguration";

const say = sayings("leftovers");

/**
 * Whether another mesh, or a revision that does not run any more, has left something that disturbs the add-on.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#before-you-begin
 */
export const leftovers: Check = {
  name: "leftovers",
  kinds: ["Namespace", "apps/Deployment", MUTATING, VALIDATING],
  judge(mesh) {
    const found = [...controlPlanes(mesh), ...emptyNamespace(mesh), ...webhooks(mesh)];
    return found.length > 0
      ? found
      : [say.passed("cluster", "No other mesh, and nothing of a revision that does not run.")];
  },
};

/** Istiods outside of the add-on. @see https://github.com/istio/istio/tree/master/manifests/charts/istio-control/istio-discovery */
function controlPlanes({ state }: ObservedMesh): readonly Observation[] {
  return state
    .all("apps/Deployment")
    .filter(({ metadata }) => metadata.namespace !== CONTROL_PLANE_NAMESPACE)
    .filter((deployment) => textAt(deployment, "metadata", "labels", "app") === "istiod")
    .map((deployment) =>
      say.failed(
        labelOf(deployment),
        "It is the control plane of another Istio, which AKS does not support beside the add-on.",
        "Move the workloads that it serves to a revision of the add-on, and uninstall it without --purge, which would also delete the definitions of the add-on.",
        [
          `istioctl proxy-status --istioNamespace ${deployment.metadata.namespace ?? OWN_ISTIO_NAMESPACE}`,
        ],
      ),
    );
}

function emptyNamespace({ state }: ObservedMesh): readonly Observation[] {
  const exists = state
    .all("Namespace")
    .some(({ metadata }) => metadata.name === OWN_ISTIO_NAMESPACE);
  const inUse = state
    .all("apps/Deployment")
    .some(({ metadata }) => metadata.namespace === OWN_ISTIO_NAMESPACE);
  if (!exists || inUse) return [];
  return [
    say.warning(
      `Namespace ${OWN_ISTIO_NAMESPACE}`,
      "It is left over from another Istio: it has no Deployment.",
      "Delete it, if nothing in it is needed.",
      [`kubectl get all --namespace ${OWN_ISTIO_NAMESPACE}`],
    ),
  ];
}

function webhooks(mesh: ObservedMesh): readonly Observation[] {
  const running: readonly string[] = expectedRevisions(mesh);
  return [...mesh.state.all(MUTATING), ...mesh.state.all(VALIDATING)].flatMap((configuration) => {
    const { name, labels = {} } = configuration.metadata;
    const remove = [`kubectl delete ${configuration.kind.toLowerCase()} ${shellWord(name)}`];
    if (name.startsWith("aks-osm-")) {
      return [
        say.failed(
          labelOf(configuration),
          "It is left over from Open Service Mesh, with which the add-on is incompatible.",
          "Disable the OSM add-on, and delete what remains.",
          remove,
        ),
      ];
    }
    // A revision tag is checked with the webhooks of revisions.
    if (!isIstios(configuration) || labels[TAG_LABEL] !== undefined) return [];
    const revision = labels[REVISION_LABEL] ?? "";
    if (!isOfAddOn(configuration)) {
      return [
        say.failed(
          labelOf(configuration),
          "It is a webhook of another Istio, which AKS does not support beside the add-on.",
          "Delete it, after its control plane.",
          remove,
        ),
      ];
    }
    // The validator of resources without a revision has the revision "default".
    return running.includes(revision) || !isMeshRevision(revision)
      ? []
      : [
          say.failed(
            labelOf(configuration),
            `It is left over from ${revision}, which does not run: what it selects cannot be created.`,
            "Delete it.",
            remove,
          ),
        ];
  });
}

/** By the namespace of the istiod that it calls; with a URL, by its name, which ends with the namespace. */
function isOfAddOn(configuration: ClusterObject): boolean {
  const [first] = listAt(configuration, "webhooks");
  const namespace = textAt(first, "clientConfig", "service", "namespace");
  return namespace === undefined
    ? configuration.metadata.name.endsWith(`-${CONTROL_PLANE_NAMESPACE}`)
    : namespace === CONTROL_PLANE_NAMESPACE;
}

/** Webhooks that inject sidecars, or validate Istio's configuration, by the names that Istio's charts give them. */
function isIstios(configuration: ClusterObject): boolean {
  return listAt(configuration, "webhooks").some((entry) =>
    /(?:sidecar-injector|validation)\.istio\.io$/.test(textAt(entry, "name") ?? ""),
  );
}
