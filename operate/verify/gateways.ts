import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../mesh/ingressGateways.ts";
import { EGRESS_NAMESPACE, INGRESS_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { labelOf, listAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { rolloutProblem } from "../cluster/rollout.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import { armCluster } from "./observedMesh.ts";
import type { ObservedMesh } from "./observedMesh.ts";
import type { AddOnGateway } from "./wantedMesh.ts";

const say = sayings("gateways");

/**
 * Whether the add-on's gateways are those that the stack wants, and ready in every revision.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrades-with-the-ingress-gateway
 */
export const gateways: Check = {
  name: "gateways",
  kinds: ["apps/Deployment", "Service"],
  judge(mesh) {
    const expected = armGateways(mesh) ?? mesh.wanted?.gateways ?? foundGateways(mesh);
    const revisions = expectedRevisions(mesh);
    const judged = [
      ...differences(mesh),
      ...expected.flatMap((gateway) => [
        ...revisions.map((revision) => judgeDeployment(mesh, gateway, revision)),
        ...judgeService(mesh, gateway),
      ]),
    ];
    return judged.length > 0 ? judged : [say.passed("gateways", "The add-on runs none.")];
  },
};

/** The gateways that ARM lists as enabled; undefined if ARM was not read. */
function armGateways(mesh: ObservedMesh): readonly AddOnGateway[] | undefined {
  const cluster = armCluster(mesh);
  if (cluster === undefined) return undefined;
  const { ingressGateways = [], egressGateways = [] } =
    cluster.serviceMeshProfile?.istio?.components ?? {};
  const ingress = INGRESS_GATEWAY_KINDS.filter((kind) =>
    ingressGateways.some(({ mode, enabled }) => mode === kind && enabled),
  ).map((kind) => ({
    name: ingressGatewayName(kind),
    namespace: INGRESS_NAMESPACE,
    isIngress: true,
  }));
  const egress = egressGateways
    .filter(({ enabled }) => enabled)
    .map(({ name, namespace = EGRESS_NAMESPACE }) => ({ name, namespace, isIngress: false }));
  return [...ingress, ...egress];
}

/** Without ARM and a stack: the ingress gateways that have a Service. */
function foundGateways({ state }: ObservedMesh): readonly AddOnGateway[] {
  return INGRESS_GATEWAY_KINDS.map(ingressGatewayName)
    .filter((name) =>
      state
        .all("Service")
        .some(({ metadata }) => metadata.namespace === INGRESS_NAMESPACE && metadata.name === name),
    )
    .map((name) => ({ name, namespace: INGRESS_NAMESPACE, isIngress: true }));
}

function differences(mesh: ObservedMesh): readonly Observation[] {
  const listed = armGateways(mesh);
  const { wanted } = mesh;
  if (listed === undefined || wanted === undefined) return [];
  const without = (these: readonly AddOnGateway[], those: readonly AddOnGateway[]) =>
    these.filter(
      ({ name, namespace }) =>
        !those.some((other) => other.name === name && other.namespace === namespace),
    );
  return [
    ...without(wanted.gateways, listed).map((gateway) =>
      say.failed(
        subjectOf(gateway),
        `The stack ${wanted.stack} wants it, but ARM does not list it as enabled.`,
        "Deploy the stack.",
        [`pulumi up --stack ${wanted.stack}`],
      ),
    ),
    ...without(listed, wanted.gateways).map((gateway) =>
      say.failed(
        subjectOf(gateway),
        `ARM lists it as enabled, but the stack ${wanted.stack} does not want it.`,
        "Add it to the stack's gateways, or deploy the stack, which removes it.",
      ),
    ),
  ];
}

function judgeDeployment(
  { state }: ObservedMesh,
  { name, namespace }: AddOnGateway,
  revision: MeshRevision,
): Observation {
  const deployment = state
    .all("apps/Deployment")
    .find(
      (one) =>
        one.metadata.namespace === namespace &&
        templateLabel(one, "istio") === name &&
        (templateLabel(one, REVISION_LABEL) === revision ||
          one.metadata.name.endsWith(`-${revision}`)),
    );
  if (deployment === undefined) {
    return say.failed(
      `Deployment ${namespace}/${name}-${revision}`,
      `It does not exist, so no gateway ${name} follows ${revision}.`,
      "Wait until AKS has created it, or look for its events.",
      [`kubectl get events --namespace ${namespace}`],
    );
  }
  const problem = rolloutProblem(deployment);
  return problem === undefined
    ? say.passed(labelOf(deployment), "All its pods are available.")
    : say.failed(labelOf(deployment), `It ${problem}.`, "Look at its pods and their events.", [
        `kubectl describe pods --namespace ${namespace} --selector istio=${name}`,
      ]);
}

function judgeService(
  { state }: ObservedMesh,
  { name, namespace, isIngress }: AddOnGateway,
): readonly Observation[] {
  const service = state
    .all("Service")
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const subject = `Service ${namespace}/${name}`;
  if (service === undefined) {
    const fix = "Wait until AKS has created it, or look for its events.";
    return [
      say.failed(subject, "It does not exist.", fix, [
        `kubectl get events --namespace ${namespace}`,
      ]),
    ];
  }
  if (!isIngress) return [];
  const addresses = listAt(service, "status", "loadBalancer", "ingress").flatMap(
    (entry) => textAt(entry, "ip") ?? textAt(entry, "hostname") ?? [],
  );
  return [
    addresses.length > 0
      ? say.passed(subject, `Its address is ${addresses.join(", ")}.`)
      : say.failed(
          subject,
          "The load balancer has given it no address.",
          "Its events say why, such as a missing role or a wrong annotation.",
          [`kubectl describe service ${name} --namespace ${namespace}`],
        ),
  ];
}

function templateLabel(deployment: ClusterObject, label: string): string | undefined {
  return textAt(deployment, "spec", "template", "metadata", "labels", label);
}

function subjectOf({ name, namespace }: AddOnGateway): string {
  return `gateway ${namespace}/${name}`;
}
