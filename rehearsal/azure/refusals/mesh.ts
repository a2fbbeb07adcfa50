import { findRevision, kubernetesFit } from "../../../mesh/catalog.ts";
import type { SupportPlan } from "../../../mesh/catalog.ts";
import { compareRevisions, isMeshRevision, revisionGap } from "../../../mesh/revision.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { at, listOf, textAt, textsAt } from "../access.ts";
import { isOfKind } from "../kinds.ts";
import { offeredOn } from "../offeredRevisions.ts";
import { Refused } from "../refused.ts";
import type { Asked } from "../asked.ts";

const MAX_REVISIONS = 2;
/** An upgrade can skip one revision at most. @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade */
const MAX_GAP = 2;

/**
 * The error of AKS for an invalid mesh. The page lists the messages without codes; BadRequest comes from the only
 * published log.
 *
 * @see
 * https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-general-troubleshooting#error-messages
 * @see https://github.com/MicrosoftDocs/azure-docs/issues/120606
 */
export function meshRefusal(asked: Asked): Refused | undefined {
  if (!isOfKind(asked.type, "containerservice:ManagedCluster")) return undefined;
  if (!runsMesh(asked.inputs)) return undefined;
  const reason =
    profileRefusal(asked.inputs) ?? certificatesRefusal(asked) ?? revisionsRefusal(asked);
  return reason === undefined ? undefined : new Refused(400, "BadRequest", reason);
}

function profileRefusal(inputs: Properties): string | undefined {
  if (at(inputs, "addonProfiles", "openServiceMesh", "enabled") === true) {
    return "Istio based Azure service mesh is incompatible with feature openServiceMesh";
  }
  if (at(inputs, "serviceMeshProfile", "istio") === undefined) {
    return "Istio profile is missing even though Service Mesh mode is Istio";
  }
  const ingress = listOf(
    at(inputs, "serviceMeshProfile", "istio", "components", "ingressGateways"),
  );
  const modes = ingress.map((gateway) => textAt(gateway, "mode"));
  const invalid = modes.find((mode) => mode !== "Internal" && mode !== "External");
  if (invalid !== undefined) return `Invalid istio ingress mode: ${invalid}`;
  const twice = modes.find((mode, i) => modes.indexOf(mode) !== i);
  if (twice !== undefined) {
    return `Too many ingresses for type: ${twice}. Only 1 ingress gateway are allowed`;
  }
  return egressRefusal(inputs);
}

/**
 * AKS requires it, but the message is not published. @see
 * https://learn.microsoft.com/azure/aks/istio-deploy-egress#limitations-and-requirements
 */
function egressRefusal(inputs: Properties): string | undefined {
  const egress = listOf(at(inputs, "serviceMeshProfile", "istio", "components", "egressGateways"));
  const running = egress.some((gateway) => at(gateway, "enabled") === true);
  const possible = at(inputs, "networkProfile", "staticEgressGatewayProfile", "enabled") === true;
  return running && !possible
    ? "Istio egress gateway requires the Static Egress Gateway feature to be enabled on the cluster"
    : undefined;
}

const CA_PARAMETERS = [
  "keyVaultId",
  "rootCertObjectName",
  "certObjectName",
  "keyObjectName",
  "certChainObjectName",
] as const;

function certificatesRefusal({ inputs, before }: Asked): string | undefined {
  const plugin = pluginOf(inputs);
  if (before !== undefined && runsMesh(before.inputs)) {
    const was = pluginOf(before.inputs);
    // Documented, but the message is not published: https://learn.microsoft.com/azure/aks/istio-plugin-ca
    if (JSON.stringify(was) !== JSON.stringify(plugin)) {
      return "The certificate authority of a service mesh cannot be changed after the service mesh is created";
    }
  }
  if (plugin === undefined) return undefined;
  const missing = CA_PARAMETERS.filter((parameter) => at(plugin, parameter) === undefined);
  if (missing.length > 0) {
    return `ServiceMeshProfile is missing required parameters: ${missing.join(", ")} for plugin certificate authority`;
  }
  if (at(inputs, "addonProfiles", "azureKeyvaultSecretsProvider", "enabled") !== true) {
    return "AzureKeyvaultSecretsProvider addon is required for Azure Service Mesh plugin certificate authority feature";
  }
  const vault = textAt(plugin, "keyVaultId");
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i.test(
    vault,
  )
    ? undefined
    : `'KeyVaultId': '${vault}' is not a valid Azure keyvault resource identifier. Please make sure that the format matches '/subscriptions//resourceGroups//providers/Microsoft.KeyVault/vaults/'`;
}

function revisionsRefusal({ inputs, before, day }: Asked): string | undefined {
  const wanted = revisionsOf(inputs);
  const running = before === undefined ? [] : revisionsOf(before.outputs);
  if (wanted.length > MAX_REVISIONS) {
    return `Request exceeds maximum allowed number of revisions (${MAX_REVISIONS})`;
  }
  const version = textAt(inputs, "kubernetesVersion");
  const plan: SupportPlan =
    at(inputs, "supportPlan") === "AKSLongTermSupport"
      ? "AKSLongTermSupport"
      : "KubernetesOfficial";
  for (const revision of wanted) {
    const isNew = !running.includes(revision);
    if (isNew && findRevision(revision) !== undefined && !offeredOn(day).includes(revision)) {
      return `Requested change in revisions is not allowed. Reason: Revision ${revision} is not supported by the service mesh add-on.`;
    }
    if (kubernetesFit(revision, version, plan).fits === false) {
      return `Service mesh revision ${revision} is not compatible with cluster version ${version}. To find information about mesh-cluster compatibility, use 'az aks mesh get-upgrades'`;
    }
  }
  return stepRefusal(running, wanted);
}

/** How the list of revisions may change. The first sentence is AKS's own; the rest of the message is not published. */
function stepRefusal(
  running: readonly MeshRevision[],
  wanted: readonly MeshRevision[],
): string | undefined {
  const [newest] = [...running].sort(compareRevisions).reverse();
  const added = wanted.filter((revision) => !running.includes(revision));
  if (newest === undefined || added.length === 0) return undefined;
  const because = (reason: string) =>
    `Requested change in revisions is not allowed. Reason: ${reason}`;
  if (!running.some((revision) => wanted.includes(revision))) {
    return because(`Revisions ${added.join(", ")} must first run beside ${running.join(", ")}.`);
  }
  const older = added.find((revision) => compareRevisions(revision, newest) < 0);
  if (older !== undefined) return because(`Revision ${older} is older than ${newest}.`);
  const far = added.find((revision) => revisionGap(newest, revision) > MAX_GAP);
  return far === undefined ? undefined : because(`Revision ${far} is too far from ${newest}.`);
}

function runsMesh(inputs: Properties): boolean {
  return at(inputs, "serviceMeshProfile", "mode") === "Istio";
}

function pluginOf(inputs: Properties) {
  return at(inputs, "serviceMeshProfile", "istio", "certificateAuthority", "plugin");
}

function revisionsOf(cluster: Properties): readonly MeshRevision[] {
  return textsAt(cluster, "serviceMeshProfile", "istio", "revisions").filter(isMeshRevision);
}
