import { newestRevision, revisionStanding } from "../mesh/catalog.ts";
import { meshConfigProblems } from "../mesh/meshConfig.ts";
import { planMesh } from "../mesh/upgrade.ts";
import type { MeshSettings } from "../mesh/upgrade.ts";
import { CONFIG, targetProblems, violationsOf } from "./mesh.ts";
import { meshNamespaces } from "./namespaces.ts";
import type { Settings } from "./parse.ts";
import type { Violation } from "./rules.ts";

/** What may be right, and what the reader has to know more about than the project does. */
export function warnings(settings: Settings): readonly Violation[] {
  return [...revisionWarnings(settings), ...plainTextHosts(settings)];
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
  if (revisionStanding(revision) !== "newer-than-catalog") return [];
  const newest = newestRevision();
  return [
    {
      steps: ["mesh", "revision"],
      rule: `${revision} is newer than ${newest}, the newest revision known here, so that nothing could be checked about it`,
      aside: true,
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
  return first.map((rule) => ({ steps: ["mesh", "upgrade", "phase"], rule, aside: true }));
}

/** A gateway ends TLS, and speaks mutual TLS to sidecars only. */
function plainTextHosts({ gateways, namespaces }: Settings): readonly Violation[] {
  return Object.entries(gateways.ingress).flatMap(([kind, gateway]) =>
    Object.entries(gateway?.hosts ?? {})
      .filter(([, { namespace }]) => namespaces[namespace]?.mesh === false)
      .map(([host, { namespace }]) => ({
        steps: ["gateways", "ingress", kind, "hosts", host, "namespace"],
        rule: `${namespace} is outside the mesh: requests for ${host} travel from the gateway to the Service in plain text; set namespaces.${namespace}.mesh to true, or let the host lead to a namespace in the mesh`,
        aside: true,
      })),
  );
}
