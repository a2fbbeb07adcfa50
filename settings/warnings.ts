import {
  catalog,
  kubernetesStatus,
  newestKubernetes,
  newestRevision,
  revisionStatus,
} from "../mesh/catalog.ts";
import { kubernetesHasEnded, oldestSupportedKubernetes } from "../mesh/kubernetesCalendar.ts";
import { meshConfigProblems } from "../mesh/meshConfig.ts";
import { closest } from "../text/suggest.ts";
import { planMesh } from "../mesh/upgrade.ts";
import type { MeshSettings } from "../mesh/upgrade.ts";
import { CONFIG, targetProblems, violationsOf } from "./mesh/rules.ts";
import { RESERVED_NAMESPACES } from "./namespaces/rules.ts";
import { meshNamespaces } from "./namespaces/schema.ts";
import type { Settings } from "./schema.ts";
import type { Violation } from "./core/violation.ts";

/** What may be right, and what the reader has to know more about than the project does. */
export function warnings(settings: Settings): readonly Violation[] {
  return [
    ...kubernetesWarnings(settings),
    ...revisionWarnings(settings),
    ...plainTextHosts(settings),
    ...unknownScopes(settings),
  ];
}

/** A version that the catalog does not know yet, or that AKS no longer supports. */
function kubernetesWarnings({
  cluster: { kubernetesVersion, supportPlan },
  mesh: { revisions },
}: Settings): readonly Violation[] {
  const steps = ["cluster", "kubernetesVersion"];
  if (kubernetesStatus(kubernetesVersion) === "newer-than-catalog" && revisions !== "external") {
    const runs = [revisions.revision, ...(revisions.upgrade ? [revisions.upgrade.to] : [])];
    return [
      {
        steps,
        rule: `${kubernetesVersion} is newer than ${newestKubernetes()}, the newest version known here, so whether it runs ${runs.join(" and ")} could not be checked; ask Azure: az aks mesh get-revisions`,
        hideValue: true,
      },
    ];
  }
  if (!kubernetesHasEnded(kubernetesVersion, supportPlan, catalog.asOf)) return [];
  const oldest = oldestSupportedKubernetes(supportPlan, catalog.asOf);
  const longer =
    supportPlan === "KubernetesOfficial" &&
    !kubernetesHasEnded(kubernetesVersion, "AKSLongTermSupport", catalog.asOf);
  const wayOut = `upgrade${oldest === undefined ? "" : ` to ${oldest} or later`}, one minor version at a time${longer ? ", or set supportPlan to AKSLongTermSupport" : ""}`;
  return [
    {
      steps,
      rule: `${kubernetesVersion} is out of support under ${supportPlan}, and AKS does not create new clusters with it; ${wayOut}`,
      hideValue: true,
    },
  ];
}

function revisionWarnings({ cluster, mesh, namespaces }: Settings): readonly Violation[] {
  const { revisions } = mesh;
  if (revisions === "external") return [];
  const { kubernetesVersion, supportPlan: plan } = cluster;
  return [
    ...newerThanCatalog(revisions),
    ...violationsOf("warning", ["mesh"], targetProblems(revisions, { kubernetesVersion, plan })),
    ...violationsOf("warning", CONFIG, meshConfigProblems(mesh.meshConfig)),
    ...canaryWithoutNamespace(revisions, namespaces),
  ];
}

function newerThanCatalog({ revision }: MeshSettings): readonly Violation[] {
  if (revisionStatus(revision) !== "newer-than-catalog") return [];
  const newest = newestRevision();
  return [
    {
      steps: ["mesh", "revision"],
      rule: `${revision} is newer than ${newest}, the newest revision known here, so it could not be checked`,
      hideValue: true,
    },
  ];
}

/** A canary that nobody follows shows nothing about the new revision. */
function canaryWithoutNamespace(
  settings: MeshSettings,
  namespaces: Settings["namespaces"],
): readonly Violation[] {
  const joined = meshNamespaces(namespaces);
  const followed = Object.values(joined).some(({ canary }) => canary);
  if (settings.upgrade?.phase !== "canary" || followed) return [];
  const first = planMesh({ settings, namespaces: joined }).next?.first ?? [];
  return first.map((rule) => ({ steps: ["mesh", "upgrade", "phase"], rule, hideValue: true }));
}

/** A gateway ends TLS, and speaks mutual TLS to sidecars only. */
function plainTextHosts({ gateways, namespaces }: Settings): readonly Violation[] {
  return Object.entries(gateways.ingress).flatMap(([kind, gateway]) =>
    Object.entries(gateway?.hosts ?? {})
      .filter(([, { namespace }]) => namespaces[namespace]?.mesh === false)
      .map(([host, { namespace }]) => ({
        steps: ["gateways", "ingress", kind, "hosts", host, "namespace"],
        rule: `${namespace} is outside the mesh: requests for ${host} travel from the gateway to the Service in plain text; set namespaces.${namespace}.mesh to true, or route the host to a namespace in the mesh`,
        hideValue: true,
      })),
  );
}

/** Somebody else may make a namespace; if nobody does, its name in a scope means nothing. */
function unknownScopes({ namespaces }: Settings): readonly Violation[] {
  const declared = Object.keys(namespaces);
  return Object.entries(namespaces).flatMap(([namespace, { sidecarScope }]) =>
    (sidecarScope ?? []).flatMap((name, index): Violation[] => {
      if (declared.includes(name) || RESERVED_NAMESPACES.test(name)) return [];
      const meant = closest(name, declared);
      const question = meant === undefined ? "" : `; did you mean ${meant}?`;
      return [
        {
          steps: ["namespaces", namespace, "sidecarScope", index],
          rule: `${name} is not one of the stack's namespaces, so whether it exists could not be checked; if it does not exist, it adds no services to the sidecars in ${namespace}${question}`,
          hideValue: true,
        },
      ];
    }),
  );
}
