import type { Graph } from "../drawing/graph.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { FindingsOf } from "./apps.ts";
import { callsOf } from "./openness.ts";
import { oneNamespace } from "./oneNamespace.ts";
import { overview } from "./overview.ts";
import { wholeMesh } from "./wholeMesh.ts";

/** The pictures of a mesh. */
export interface Pictures {
  readonly main: Graph;
  /** Of each namespace with workloads or services, if the main one leaves them out. */
  readonly namespaces: readonly { readonly name: string; readonly graph: Graph }[];
}

/** A picture with more boxes does not fit on a screen. */
export const MAX_BOXES = 30;

export function picturesOf(mesh: Mesh, findingsOf: FindingsOf): Pictures {
  const whole = wholeMesh(mesh, findingsOf);
  if (whole.boxes.length <= MAX_BOXES) return { main: whole, namespaces: [] };
  const calls = callsOf(mesh);
  return {
    main: overview(mesh, findingsOf),
    namespaces: mesh.namespaces
      .filter(({ workloads, services }) => workloads.length + services.length > 0)
      .map((namespace) => ({
        name: namespace.name,
        graph: oneNamespace(namespace, mesh, calls, findingsOf),
      })),
  };
}
