import type { Arrow, Box, Line } from "../drawing/graph.ts";
import type { MeshNamespace, MeshService, MeshWorkload } from "../mesh/mesh.ts";
import { sumOf } from "../page/findingsOf.ts";
import type { Findings } from "../page/findingsOf.ts";
import { findingLines, lookOf, mtlsInWords, opennessInWords, sidecarInWords } from "./words.ts";

/** The numbers of findings about a resource. */
export type FindingsOf = (urn: string | undefined) => Findings;

/** The boxes of the workloads and services of a namespace. */
export interface Apps {
  readonly boxes: readonly Box[];
  /** From services to the workloads that they select. */
  readonly arrows: readonly Arrow[];
  /** The box of a workload or service, by its label. */
  readonly boxOf: ReadonlyMap<string, string>;
}

/** A service is in the box of its workload, unless it selects none or several. */
export function appsOf(namespace: MeshNamespace, findingsOf: FindingsOf, within?: string): Apps {
  const { workloads, services } = namespace;
  const place = within === undefined ? {} : { within };
  const isShared = ({ workloads: selected }: MeshService) => selected.length !== 1;
  const boxOf = new Map<string, string>([
    ...workloads.map(({ label }) => [label, label] as const),
    ...services.map(
      (service) =>
        [
          service.label,
          isShared(service) ? service.label : (service.workloads[0] ?? service.label),
        ] as const,
    ),
  ]);
  const shared = services.filter(isShared);
  return {
    boxOf,
    boxes: [
      ...workloads.map((workload): Box => {
        const own = services.filter(
          (service) => !isShared(service) && service.workloads[0] === workload.label,
        );
        const { sidecar, urn } = workload;
        const found = sumOf([urn, ...own.map((service) => service.urn)].map(findingsOf));
        return {
          ...place,
          id: workload.label,
          look: lookOf(sidecar),
          lines: [
            title(nameOf(workload)),
            ...own.map(({ ports }) => detail(portsOf(ports))),
            detail(unlike(workload, namespace)),
            ...[...new Set(own.map((service) => opennessInWords(service, namespace)))].map(detail),
            ...findingLines(found),
          ].filter((line) => line.text !== ""),
        };
      }),
      ...shared.map((service): Box => ({
        ...place,
        id: service.label,
        look: service.workloads.length === 0 ? "doubtful" : "service",
        lines: [
          title(`Service ${service.name}`),
          detail(portsOf(service.ports)),
          detail(
            service.workloads.length === 0
              ? "selects no workload of the plan"
              : opennessInWords(service, namespace),
          ),
          ...findingLines(findingsOf(service.urn)),
        ].filter((line) => line.text !== ""),
      })),
    ],
    arrows: shared.flatMap(({ label, workloads: selected }) =>
      selected.map((to): Arrow => ({ from: label, to, look: "selects" })),
    ),
  };
}

/** What a workload's proxy is, unless it is as the frame of the namespace says. */
function unlike(workload: MeshWorkload, namespace: MeshNamespace): string {
  const inWords = (of: MeshWorkload | MeshNamespace) =>
    [sidecarInWords(of.sidecar), mtlsInWords(of)].filter((part) => part !== undefined).join(" · ");
  return inWords(workload) === inWords(namespace) ? "" : inWords(workload);
}

function title(text: string): Line {
  return { text, look: "title" };
}

function detail(text: string | undefined): Line {
  return { text: text ?? "", look: "detail" };
}

function nameOf({ kind, name }: MeshWorkload): string {
  return kind === "Deployment" ? name : `${name} (${kind})`;
}

function portsOf(ports: readonly string[]): string {
  return ports.length === 0 ? "" : `port ${ports.join(", ")}`;
}
