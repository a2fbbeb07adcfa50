import type { Arrow, Box, Graph } from "../drawing/graph.ts";
import type { Mesh, MeshNamespace } from "../mesh/mesh.ts";
import { appsOf } from "./apps.ts";
import type { FindingsOf } from "./apps.ts";
import { distinct, entrancesOf } from "./gateways.ts";
import type { Call } from "./openness.ts";
import { namespaceFrame } from "./wholeMesh.ts";
import { lookOf, membershipInWords } from "./words.ts";

/** A namespace with its workloads, the hosts that lead to them, and the namespaces that call them or are called. */
export function oneNamespace(
  namespace: MeshNamespace,
  mesh: Mesh,
  calls: readonly Call[],
  findingsOf: FindingsOf,
): Graph {
  const { name } = namespace;
  const frame = namespaceFrame(namespace, findingsOf);
  const apps = appsOf(namespace, findingsOf, frame.id);
  const box = (label: string) => apps.boxOf.get(label) ?? label;
  const entrances = entrancesOf(mesh, (service) => apps.boxOf.get(service), false);
  const incoming = calls.filter(
    (call) => call.service.namespace === name && call.fromNamespace !== name,
  );
  const outgoing = calls.filter(
    (call) => call.fromNamespace === name && call.service.namespace !== name,
  );
  const within = calls.filter(
    (call) => call.fromNamespace === name && call.service.namespace === name,
  );
  const boxesOf = (of: readonly Call[], side: Side, nameIn: (call: Call) => string) =>
    [...new Set(of.map(nameIn))].flatMap((other) => otherNamespace(other, side, mesh));
  return {
    frames: [frame],
    boxes: [
      ...entrances.boxes,
      ...boxesOf(incoming, "from", ({ fromNamespace }) => fromNamespace),
      ...apps.boxes,
      ...boxesOf(outgoing, "to", ({ service }) => service.namespace),
    ],
    arrows: distinct([
      ...entrances.arrows,
      ...incoming.map(({ fromNamespace, service, look }): Arrow => ({
        ...{ from: `from ${fromNamespace}`, to: box(service.label), look },
      })),
      ...within.map(({ from, service, look }): Arrow => ({
        ...{ from: box(from), to: box(service.label), look },
      })),
      ...outgoing.map(({ from, service, look }): Arrow => ({
        ...{ from: box(from), to: `to ${service.namespace}`, look },
      })),
      ...apps.arrows,
    ]),
  };
}

type Side = "from" | "to";

/** A box for another namespace: on the left if it calls, on the right if it is called. */
function otherNamespace(name: string, side: Side, { namespaces }: Mesh): readonly Box[] {
  return namespaces
    .filter((namespace) => namespace.name === name)
    .map((namespace) => ({
      id: `${side} ${name}`,
      look: lookOf(namespace.sidecar),
      lines: [
        { text: `${side} ${name}`, look: "title" },
        { text: membershipInWords(namespace), look: "detail" },
      ],
    }));
}
