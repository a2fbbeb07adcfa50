import type { Line, Look } from "../drawing/graph.ts";
import type { Mesh, MeshNamespace, MeshService, MeshWorkload, Sidecar } from "../mesh/mesh.ts";
import type { Findings } from "../page/findingsOf.ts";
import { opennessOf } from "./openness.ts";
import type { Openness } from "./openness.ts";

/** The look of a box by its sidecar. */
export function lookOf({ outcome }: Sidecar): Look {
  if (outcome === "injected") return "member";
  return outcome === "unknown" ? "doubtful" : "stranger";
}

/** `sidecar asm-1-30`, `no sidecar`. */
export function sidecarInWords({ outcome, revision }: Sidecar): string {
  switch (outcome) {
    case "injected":
      return `sidecar ${revision ?? ""}`;
    case "not-injected":
      return "no sidecar";
    case "refused":
      return "pods are refused";
    case "unknown":
      return "sidecar not known";
  }
}

/** `mTLS STRICT`. Without a sidecar there is none. */
export function mtlsInWords({ mtls, sidecar }: MeshWorkload | MeshNamespace): string | undefined {
  if (sidecar.outcome !== "injected") return undefined;
  return `mTLS ${mtls === "unknown" ? "not known" : mtls}`;
}

/** Whether a namespace is in the mesh, and by which revision unless its label says so: `in the mesh`. */
export function membershipInWords({ urn, label = "", sidecar }: MeshNamespace): string {
  if (urn === undefined) return "not in the plan";
  switch (sidecar.outcome) {
    case "injected": {
      const { revision = "" } = sidecar;
      return label.endsWith(`=${revision}`) ? "in the mesh" : `in the mesh by ${revision}`;
    }
    case "not-injected":
      return "outside the mesh";
    case "refused":
      return "its pods are refused";
    case "unknown":
      return "whether it is in the mesh is not known";
  }
}

const OPENNESS: Readonly<Record<Openness, string>> = {
  everyone: "open to every pod",
  mesh: "open to the mesh",
  "mesh in part": "open to the mesh in part",
  namespace: "open to its namespace",
  nobody: "no workload may call it",
  callers: "",
  "not known": "callers not known",
};

/** Who may call a service; empty if arrows show the callers. */
export function opennessInWords(service: MeshService, namespace: MeshNamespace): string {
  return OPENNESS[opennessOf(service, namespace)];
}

/** Lines with the numbers of findings. */
export function findingLines({ stops, advises }: Findings): readonly Line[] {
  return [
    ...(stops === 0 ? [] : [{ text: `✕ ${stops} mandatory`, look: "stops" } as const]),
    ...(advises === 0 ? [] : [{ text: `! ${advises} advisory`, look: "advises" } as const]),
  ];
}

/** A sentence about a mesh. */
export function meshInWords({ revisions, phase, mtls, addon }: Mesh): string {
  if (addon === "no") return "The cluster does not have the Istio add-on.";
  const runs =
    revisions === undefined ? "revisions not known" : `istiod ${revisions.join(" and ")}`;
  const upgrade = phase === undefined || phase === "none" ? "" : ` · upgrade phase ${phase}`;
  return `${runs} · mTLS ${mtls === "unknown" ? "not known" : mtls}${upgrade}`;
}
