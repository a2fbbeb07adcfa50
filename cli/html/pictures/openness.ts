import type { Mesh, MeshNamespace, MeshService } from "../mesh/mesh.ts";

/**
 * Who may call a service, if words say it better than arrows: `everyone`, also without a sidecar; the whole `mesh`, or
 * some requests of it; every other workload of the `namespace`; nobody. With `callers`, only those whom arrows show.
 */
export type Openness =
  "everyone" | "mesh" | "mesh in part" | "namespace" | "nobody" | "callers" | "not known";

/** From so many on, arrows of all workloads of a namespace to a service of it are no help. */
const MANY = 4;

export function opennessOf(service: MeshService, namespace: MeshNamespace): Openness {
  const { anyInMesh, anyOutside, callers, unknown } = service;
  if (unknown !== undefined) return "not known";
  if (anyOutside === "yes") return "everyone";
  if (anyInMesh === "yes") return "mesh";
  if (anyInMesh === "unknown") return "mesh in part";
  if (callers.length === 0) return "nobody";
  const others = namespace.workloads.filter(({ label }) => !service.workloads.includes(label));
  const always = callers.filter(({ answer }) => answer === "yes").map(({ label }) => label);
  const isWhole = others.length >= MANY && others.every(({ label }) => always.includes(label));
  return isWhole ? "namespace" : "callers";
}

/** A call that an arrow shows. */
export interface Call {
  /** The label and the namespace of the workload that calls. */
  readonly from: string;
  readonly fromNamespace: string;
  readonly service: MeshService;
  readonly look: "may" | "perhaps";
}

/** The calls between workloads that arrows show. */
export function callsOf({ namespaces }: Pick<Mesh, "namespaces">): readonly Call[] {
  const homes = new Map(
    namespaces.flatMap(({ name, workloads }) => workloads.map(({ label }) => [label, name])),
  );
  return namespaces.flatMap((namespace) =>
    namespace.services.flatMap((service) => {
      const openness = opennessOf(service, namespace);
      if (openness !== "callers" && openness !== "namespace") return [];
      return service.callers
        .map(({ label, answer }): Call => ({
          from: label,
          fromNamespace: homes.get(label) ?? "",
          service,
          look: answer === "yes" ? "may" : "perhaps",
        }))
        .filter(({ fromNamespace }) => {
          return openness === "callers" || fromNamespace !== namespace.name;
        });
    }),
  );
}
