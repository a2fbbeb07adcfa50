import { shellWord } from "../../text/shellWord.ts";
import { fluxCommand } from "../fluxCommand.ts";
import type { Step } from "../report.ts";
import {
  CLUSTER,
  addresses,
  applyAll,
  ca,
  configure,
  enableGateways,
  shellRevision,
} from "./commonSteps.ts";
import type { Circumstances } from "./commonSteps.ts";

/** Objects that are created again have no version and no identity. */
const WITHOUT_IDENTITY = "jq 'del(.items[].metadata | .resourceVersion, .uid, .managedFields)'";

/** The steps that replace the own Istio of a cluster by the add-on. */
export function sameCluster(circumstances: Circumstances): readonly Step[] {
  const { gateways, revision, roots } = circumstances;
  return [
    {
      title: "Save the objects of Istio",
      about:
        "They are deleted together with their definitions. You also need them to go back. Save what installed the old Istio, too, and the certificates of its gateways.",
      commands: [
        `kubectl get $(kubectl get crd -o name | grep 'istio.io$' | cut -d/ -f2 | paste -sd,) -A -o json | ${WITHOUT_IDENTITY} > istio-backup.json`,
        `kubectl get namespaces -o json | ${WITHOUT_IDENTITY} > namespaces-backup.json`,
      ],
    },
    {
      title: "Suspend what restores the old state",
      about:
        "Flux, Argo CD and pipelines must not install the old Istio, or apply its labels, again.",
      commands: [fluxCommand("suspend", "kustomization"), fluxCommand("suspend", "helmrelease")],
    },
    {
      title: "Relax mutual TLS",
      about:
        "Set every PeerAuthentication to PERMISSIVE, and wait until proxies have it. Pods lose their sidecars one after the other, and would refuse each other. A DestinationRule with ISTIO_MUTUAL, and a policy that names principals, do that, too: relax them.",
      commands: [],
    },
    {
      title: "Take the workloads out of the old mesh",
      about: "Remove the labels that inject, and restart. From now on, nothing enforces policies.",
      commands: [
        "kubectl label namespace --all istio-injection- istio.io/rev-",
        "kubectl rollout restart deployment,statefulset,daemonset -n $NAMESPACE",
      ],
    },
    {
      title: "Uninstall the old Istio completely",
      about:
        "Requests from outside fail from now on. Definitions and webhooks that remain prevent the add-on from working; namespaces do not. Look at what is still in those of the old Istio, such as certificates and Prometheus, before you delete one of them at the end.",
      commands: [
        "istioctl uninstall --purge -y",
        `kubectl delete crd $(kubectl get crd -A | grep "istio.io" | awk '{print $1}')`,
        "kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles | grep -i istio",
        ...[...roots].map(
          (namespace) =>
            `kubectl get all,secrets,configmaps,persistentvolumeclaims -n ${shellWord(namespace)}`,
        ),
        "npx aks-istio preflight --context $CLUSTER",
      ],
    },
    {
      title: "Enable the add-on",
      about: ca(circumstances),
      commands: [`az aks mesh enable ${CLUSTER} --revision ${shellRevision(circumstances)}`],
    },
    ...enableGateways(gateways),
    ...configure(circumstances),
    applyAll("Apply the changed manifests", circumstances),
    {
      title: "Restart the workloads",
      about: `Only new pods get sidecars of ${revision}.`,
      commands: [
        "kubectl rollout restart deployment,statefulset,daemonset -n $NAMESPACE",
        "npx aks-istio verify",
      ],
    },
    {
      title: "Point DNS to the new gateways",
      about:
        "Their addresses are new. A public IP address that survives the old Service can be named with azure-pip-name.",
      commands: addresses(gateways),
    },
    {
      title: "Restore strict mutual TLS and resume GitOps",
      about:
        "The changed manifests must be in Git by now. Flux deletes the HelmReleases of the old Istio if it prunes; delete them yourself if it does not, before HelmReleases resume.",
      commands: [
        fluxCommand("resume", "kustomization"),
        "kubectl get helmreleases.helm.toolkit.fluxcd.io -A",
        fluxCommand("resume", "helmrelease"),
      ],
    },
    {
      title: "If you have to go back, undo the steps",
      about:
        "Suspend GitOps again, disable the add-on, which deletes the objects of Istio, and install the old Istio as before. Then restore its objects and the labels of the namespaces, restart the workloads, and point DNS to its gateways. Revert the manifests in Git before GitOps resumes.",
      commands: [
        `az aks mesh disable ${CLUSTER}`,
        "# Install the old Istio as before.",
        "kubectl apply -f istio-backup.json",
        "kubectl label namespace --all istio.io/rev-",
        "kubectl apply -f namespaces-backup.json",
        "kubectl rollout restart deployment,statefulset,daemonset -n $NAMESPACE",
      ],
    },
  ];
}
