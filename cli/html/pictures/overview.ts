import type { Arrow, Box, Graph } from "../drawing/graph.ts";
import type { Mesh, MeshNamespace } from "../mesh/mesh.ts";
import { sumOf } from "../page/findingsOf.ts";
import { pluralize } from "../../reports/summary.ts";
import type { FindingsOf } from "./apps.ts";
import { distinct, gatewayBox } from "./gateways.ts";
import { callsOf } from "./openness.ts";
import { clusterFrame, namespaceId } from "./wholeMesh.ts";
import { findingLines, lookOf, membershipInWords, mtlsInWords } from "./words.ts";

/** The namespaces of a mesh, without what is in them: for a large one. */
export function overview(mesh: Mesh, findingsOf: FindingsOf): Graph {
  const { namespaces, gateways } = mesh;
  const frame = clusterFrame(mesh, findingsOf);
  const homes = new Map(
    namespaces.flatMap(({ name, services }) => services.map(({ label }) => [label, name])),
  );
  const entering = gateways.flatMap(({ label, hosts }) =>
    hosts
      .flatMap(({ routes }) => routes)
      .flatMap(({ service, answer }): readonly Arrow[] => {
        const to = service === undefined ? undefined : homes.get(service);
        if (to === undefined) return [];
        const look = answer === "yes" ? "may" : answer === "no" ? "blocked" : "perhaps";
        return [{ from: label, to: namespaceId(to), look }];
      }),
  );
  const calls = callsOf(mesh)
    .filter(({ fromNamespace, service }) => fromNamespace !== service.namespace)
    .map(({ fromNamespace, service, look }) => ({
      from: namespaceId(fromNamespace),
      to: namespaceId(service.namespace),
      look,
    }));
  return {
    frames: [frame],
    boxes: [
      ...gateways.map((gateway) => withHosts(gatewayBox(gateway), gateway.hosts)),
      ...namespaces.map((namespace) => namespaceBox(namespace, findingsOf)),
    ].map((box) => ({ ...box, within: frame.id })),
    arrows: distinct([...entering, ...calls]),
  };
}

function withHosts(box: Box, hosts: Mesh["gateways"][number]["hosts"]): Box {
  const number = new Set(hosts.map(({ host }) => host)).size;
  if (number === 0) return box;
  return { ...box, lines: [...box.lines, { text: pluralize(number, "host"), look: "detail" }] };
}

function namespaceBox(namespace: MeshNamespace, findingsOf: FindingsOf): Box {
  const { name, urn, sidecar, workloads, services } = namespace;
  const within = workloads.filter((workload) => workload.sidecar.outcome === "injected").length;
  const urns = [urn, ...[...workloads, ...services].map((one) => one.urn)];
  const { revision } = sidecar;
  const membership = [revision ?? membershipInWords(namespace), mtlsInWords(namespace)];
  return {
    id: namespaceId(name),
    look: lookOf(sidecar),
    lines: [
      { text: name, look: "title" },
      { text: membership.filter((part) => part !== undefined).join(" · "), look: "detail" },
      {
        text: `${pluralize(workloads.length, "workload")}, ${within} with a sidecar`,
        look: "detail",
      },
      ...findingLines(sumOf(urns.map(findingsOf))),
    ],
  };
}
