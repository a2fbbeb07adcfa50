import type { Box, Frame, Graph } from "../drawing/graph.ts";
import type { Mesh, MeshNamespace } from "../mesh/mesh.ts";
import { appsOf } from "./apps.ts";
import type { FindingsOf } from "./apps.ts";
import { distinct, entrancesOf } from "./gateways.ts";
import { callsOf } from "./openness.ts";
import { findingLines, membershipInWords, meshInWords, mtlsInWords } from "./words.ts";

const CLUSTER = "cluster";

/** The frame of a cluster. */
export function clusterFrame(mesh: Mesh, findingsOf: FindingsOf): Frame {
  return {
    ...{ id: CLUSTER, look: "cluster" },
    lines: [
      { text: mesh.name, look: "title" },
      { text: meshInWords(mesh), look: "detail" },
      ...findingLines(findingsOf(mesh.urn)),
    ],
  };
}

/** Names the box or the frame of a namespace, which may have the name of anything. */
export function namespaceId(name: string): string {
  return `namespace ${name}`;
}

/** The frame of a namespace. */
export function namespaceFrame(namespace: MeshNamespace, findingsOf: FindingsOf): Frame {
  const { name, label, sidecar, urn } = namespace;
  const parts = [label, membershipInWords(namespace), mtlsInWords(namespace)];
  return {
    id: namespaceId(name),
    look: sidecar.outcome === "injected" ? "namespace" : "outside",
    lines: [
      { text: name, look: "title" },
      { text: parts.filter((part) => part !== undefined).join(" · "), look: "detail" },
      ...findingLines(findingsOf(urn)),
    ],
  };
}

/** A box that looks like the frame, not like a workload. */
function emptyNamespace({ id, look, lines }: Frame): Box {
  const nothing = { text: "no workload of the plan", look: "detail" } as const;
  return { id, within: CLUSTER, look, lines: lines.toSpliced(2, 0, nothing) };
}

/** A whole mesh, with every workload: for a small one. */
export function wholeMesh(mesh: Mesh, findingsOf: FindingsOf): Graph {
  const { namespaces } = mesh;
  const apps = namespaces.map((namespace) =>
    appsOf(namespace, findingsOf, namespaceId(namespace.name)),
  );
  const boxOf = new Map(apps.flatMap((one) => [...one.boxOf]));
  const entrances = entrancesOf(mesh, (service) => boxOf.get(service), true);
  const calls = callsOf(mesh).map(({ from, service, look }) => ({
    from: boxOf.get(from) ?? from,
    to: boxOf.get(service.label) ?? service.label,
    look,
  }));
  const empty = namespaces.filter(
    ({ workloads, services }) => workloads.length + services.length === 0,
  );
  return {
    frames: [
      clusterFrame(mesh, findingsOf),
      ...namespaces
        .filter((namespace) => !empty.includes(namespace))
        .map((namespace) => ({ ...namespaceFrame(namespace, findingsOf), within: CLUSTER })),
    ],
    boxes: [
      ...entrances.boxes.map((box) => ({ ...box, within: CLUSTER })),
      ...apps.flatMap(({ boxes }) => boxes),
      ...empty.map((namespace) => emptyNamespace(namespaceFrame(namespace, findingsOf))),
    ],
    arrows: distinct([...entrances.arrows, ...calls, ...apps.flatMap(({ arrows }) => arrows)]),
  };
}
