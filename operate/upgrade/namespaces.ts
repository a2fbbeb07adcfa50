import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import { injectingRevisions } from "../cluster/controlPlanes.ts";
import type { UpgradeCheck } from "./check.ts";
import { stayingRevision, stoppedRevision } from "./revisions.ts";

/**
 * Whether a namespace names a revision, or by a tag, that does not run, or that the next step stops. New pods in it would
 * get no sidecar, or with a tag, would not be created.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export const namespaces: UpgradeCheck = {
  name: "upgrade-namespaces",
  kinds: [
    "Namespace",
    "apps/Deployment",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  ],
  judge: (upgrade, observe) => {
    const { state, plan } = upgrade;
    const { revisions, tags } = injectingRevisions(state);
    const [stopped, staying] = [stoppedRevision(upgrade), stayingRevision(upgrade)];
    const found = state.all("Namespace").flatMap(({ metadata: { name, labels = {} } }) => {
      const label = labels[REVISION_LABEL];
      if (label === undefined) return [];
      const isTag = !revisions.includes(label) && Object.hasOwn(tags, label);
      const revision = isTag ? (tags[label] ?? "") : label;
      const by = isTag ? `, by the tag ${label}` : "";
      // The deployment of the step changes the labels of the namespaces in the settings.
      const isMoved = !isTag && Object.hasOwn(plan.labels, name);
      const why = !revisions.includes(revision)
        ? `${revision}${by}, which the cluster does not run`
        : revision === stopped && !isMoved
          ? `${revision}${by}, which the next step stops`
          : undefined;
      if (why === undefined) return [];
      const command = isTag
        ? `istioctl tag set ${label} --revision ${staying} --istioNamespace ${CONTROL_PLANE_NAMESPACE} --overwrite`
        : `kubectl label namespace ${name} ${REVISION_LABEL}=${staying} --overwrite`;
      return [
        observe("failed", `Namespace ${name}`, `It follows ${why}.`, {
          fix: isMoved
            ? "Deploy the settings, which set its label."
            : "Let it follow a revision that stays, then restart its workloads.",
          ...(isMoved ? {} : { commands: [command] }),
        }),
      ];
    });
    return found.length > 0
      ? found
      : [observe("passed", "namespaces", "Every namespace follows a revision that runs.")];
  },
};
