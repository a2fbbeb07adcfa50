import { newestRevision, revisionStatus } from "../../mesh/catalog.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { labelOf } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { shellWord } from "../../text/shellWord.ts";
import { fluxCommand } from "../fluxCommand.ts";
import type { Step } from "../report.ts";
import { isInjected } from "./membership.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { serversFirst } from "./serversFirst.ts";
import type { ReadTarget } from "./trafficTargets.ts";

/** Kinds of controllers that can be restarted. */
const RESTARTABLE: Readonly<Record<string, string>> = {
  Deployment: "deployment",
  StatefulSet: "statefulset",
  DaemonSet: "daemonset",
};

const CLUSTER = "--resource-group $RESOURCE_GROUP --name $CLUSTER";
/** The kinds that the cluster knows: with a kind that it does not, kubectl gets nothing at all. */
const KINDS =
  "$(kubectl get crd -o name | grep -E '[.](openservicemesh|smi-spec)[.]io$' | cut -d/ -f2 | paste -sd,)";

/** The API server refuses to create or to change objects with the versions that they had. */
const AS_MANIFESTS = "sed -E '/^    (resourceVersion|uid): /d'";

/** What a migration has written. */
interface Outcome {
  readonly revision: string;
  /** The directory with the objects. */
  readonly out: string;
  /** The new and the changed ones. */
  readonly objects: readonly ClusterObject[];
}

/**
 * What to do, in order. The two add-ons cannot run together, so there is a time without a mesh.
 *
 * @see https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance
 */
export function stepsOf(
  mesh: OsmMesh,
  targets: readonly ReadTarget[],
  { revision, out, objects }: Outcome,
): readonly Step[] {
  // In a command, a variable of Flux is one of the shell.
  const isVariable = revision.startsWith("${");
  const isNewer = revisionStatus(revision) === "newer-than-catalog";
  const restarted = objects.filter(({ kind }) => Object.hasOwn(RESTARTABLE, kind)).map(labelOf);
  const restarts = restartsOf(mesh, targets);
  return [
    {
      title: "Solve what could not be translated",
      about:
        "The new policies refuse what they do not allow, so what is missing in them stops working in the new mesh. Rehearse all steps on a copy of the cluster.",
      commands: [`npx aks-istio check ${shellWord(out)}`],
    },
    {
      title: "Save the objects of Open Service Mesh",
      about: "You need them to go back. Also save the labels and annotations of namespaces.",
      commands: [
        `kubectl get ${KINDS} -A -o yaml | ${AS_MANIFESTS} > osm-backup.yaml`,
        `kubectl get namespaces -o yaml | ${AS_MANIFESTS} > namespaces-backup.yaml`,
      ],
    },
    {
      title: "Suspend what restores the old state",
      about:
        "Flux, Argo CD and pipelines must not apply the old labels and policies again. Note what is suspended already, because step 9 resumes all of Flux. Take autoscaling and planned maintenance into account: a pod that is created between the next step and step 7 has no sidecar.",
      commands: [fluxCommand("suspend", "kustomization"), fluxCommand("suspend", "helmrelease")],
    },
    {
      title: "Disable the Open Service Mesh add-on",
      about:
        "From now on, nothing enforces policies and mutual TLS. Running pods keep their old sidecars until they are created again. Plan for an outage.",
      commands: [
        `az aks disable-addons ${CLUSTER} --addons open-service-mesh`,
        "kubectl delete mutatingwebhookconfiguration aks-osm-webhook-osm --ignore-not-found",
        "kubectl delete validatingwebhookconfiguration aks-osm-validator-mesh-osm --ignore-not-found",
      ],
    },
    {
      title: "Enable the Istio add-on",
      about: [
        "Azure refuses this while Open Service Mesh is enabled.",
        ...(isNewer
          ? [
              `${revision} is newer than ${newestRevision()}, the newest revision known here: npx aks-istio revisions shows what AKS offers.`,
            ]
          : []),
        ...(isVariable ? [`Set REVISION to what Flux puts in place of ${revision}.`] : []),
      ].join(" "),
      commands: [
        `az aks mesh enable ${CLUSTER} --revision ${isVariable ? "$REVISION" : revision}`,
        "kubectl wait -n aks-istio-system --for=condition=Ready pod -l app=istiod --timeout=10m",
      ],
    },
    {
      title: "Apply the new objects",
      about: [
        `The namespaces lose the marks of Open Service Mesh and get ${REVISION_LABEL}. The policies have no effect on pods without a sidecar of Istio.`,
        ...(restarted.length === 0
          ? []
          : [
              `The pods of these change, so they restart at once, in no order: ${restarted.join(", ")}.`,
            ]),
      ].join(" "),
      commands: [
        isVariable
          ? `for folder in ${shellWord(out)}/*/; do kubectl kustomize "$folder" | sed "s/[$]${revision.slice(1)}/$REVISION/g" | kubectl apply -f -; done`
          : `for folder in ${shellWord(out)}/*/; do kubectl apply -k "$folder"; done`,
      ],
    },
    {
      title: "Restart the workloads, servers first",
      about: [
        "Old and new sidecars do not trust each other's certificates, so a client reaches a server only once both are restarted.",
        ...(restarts.others.length === 0
          ? []
          : [`Create the pods of these again: ${restarts.others.join(", ")}.`]),
      ].join(" "),
      commands:
        restarts.commands.length === 0
          ? ["kubectl rollout restart deployment -n NAMESPACE"]
          : restarts.commands,
    },
    {
      title: "Verify the mesh and the requests that matter",
      about: `Check that pods have sidecars, who is allowed, and who is refused. If you must go back: az aks mesh disable ${CLUSTER}, which deletes all objects of Istio; az aks enable-addons ${CLUSTER} --addons open-service-mesh; kubectl apply -f namespaces-backup.yaml -f osm-backup.yaml; apply the old manifests of changed Services and workloads; restart as in step 7; resume Flux as in step 9.`,
      commands: [
        "npx aks-istio verify",
        "npx aks-istio explain request CLIENT-NAMESPACE/CLIENT SERVER-NAMESPACE/SERVICE --path /PATH",
      ],
    },
    {
      title: "Commit the new manifests, and resume what you suspended",
      about:
        "Remove the manifests of SMI and Open Service Mesh from the repository in the same commit.",
      commands: [fluxCommand("resume", "kustomization"), fluxCommand("resume", "helmrelease")],
    },
    {
      title: "Delete the definitions of SMI and Open Service Mesh",
      about:
        "This deletes all of their objects, so do it when you are sure that you will not go back.",
      commands: [
        "kubectl get crd -o name | grep -E 'openservicemesh.io|smi-spec.io' | xargs kubectl delete",
      ],
    },
  ];
}

/** The commands that restart workloads, and what no command restarts. */
function restartsOf(
  mesh: OsmMesh,
  targets: readonly ReadTarget[],
): {
  readonly commands: readonly string[];
  readonly others: readonly string[];
} {
  const injected = serversFirst(mesh, targets).filter((one) => isInjected(mesh, one));
  const commands = injected.flatMap(({ manifest: { kind, name }, namespace }) => {
    const resource = Object.hasOwn(RESTARTABLE, kind) ? RESTARTABLE[kind] : undefined;
    return resource === undefined || name === undefined
      ? []
      : [`kubectl rollout restart ${shellWord(`${resource}/${name}`)} -n ${shellWord(namespace)}`];
  });
  // A CronJob creates its pods again by itself.
  const others = injected
    .filter(({ manifest: { kind } }) => !Object.hasOwn(RESTARTABLE, kind) && kind !== "CronJob")
    .map(({ subject }) => subject);
  return { commands, others };
}
