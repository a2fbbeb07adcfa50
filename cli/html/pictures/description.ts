import { pluralize } from "../../reports/summary.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { meshInWords } from "./words.ts";

/** What the picture of a mesh shows, for those who do not see it. */
export function meshInSentences(mesh: Mesh): string {
  const { namespaces, gateways } = mesh;
  const workloads = namespaces.flatMap((namespace) => namespace.workloads);
  const within = workloads.filter(({ sidecar }) => sidecar.outcome === "injected").length;
  const hosts = new Set(gateways.flatMap((one) => one.hosts.map(({ host }) => host))).size;
  return [
    `${meshInWords(mesh)}.`,
    `${pluralize(namespaces.length, "namespace")}, ${pluralize(workloads.length, "workload")}, ${within} with a sidecar.`,
    `${pluralize(gateways.length, "gateway")} with ${pluralize(hosts, "host")}.`,
    "The tables below say the same.",
  ].join(" ");
}
