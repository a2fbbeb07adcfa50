import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { GatewayRoute, Mesh, MeshNamespace, MeshService } from "../mesh/mesh.ts";
import { opennessOf } from "../pictures/openness.ts";
import {
  membershipInWords,
  mtlsInWords,
  opennessInWords,
  sidecarInWords,
} from "../pictures/words.ts";
import type { Anchors } from "./anchors.ts";
import { linked } from "./judgement.ts";
import { table } from "./table.ts";

/** What a picture of a mesh shows, in tables, with the reasons. */
export function meshTables(mesh: Mesh, anchors: Anchors): readonly Markup[] {
  const { namespaces } = mesh;
  const workloads = namespaces.flatMap((namespace) => namespace.workloads);
  const services = namespaces.flatMap((namespace) =>
    namespace.services.map((service) => ({ service, namespace })),
  );
  const routes = routesOf(mesh, anchors);
  return [
    ...(namespaces.length === 0
      ? []
      : [
          table(
            "Namespaces",
            ["namespace", "label", "membership", "mTLS", "why"],
            namespaces.map((namespace) => [
              linked(anchors.of(namespace.urn), namespace.name),
              namespace.label ?? "",
              membershipInWords(namespace),
              mtlsInWords(namespace) ?? "",
              namespace.sidecar.reason,
            ]),
          ),
        ]),
    ...(workloads.length === 0
      ? []
      : [
          table(
            "Workloads",
            ["workload", "sidecar", "mTLS", "why"],
            workloads.map((workload) => [
              linked(anchors.of(workload.urn), workload.label),
              sidecarInWords(workload.sidecar),
              mtlsInWords(workload) ?? "",
              workload.sidecar.reason,
            ]),
          ),
        ]),
    ...(routes.length === 0
      ? []
      : [
          table(
            "Hosts and routes of the gateways",
            ["host", "gateway", "port", "leads to", "do requests arrive"],
            routes,
          ),
        ]),
    ...(services.length === 0
      ? []
      : [
          table(
            "Who may call whom",
            ["service", "ports", "selects", "who may call it"],
            services.map(({ service, namespace }) => [
              linked(anchors.of(service.urn), service.label),
              service.ports.join(", "),
              service.workloads.join(", "),
              callersOf(service, namespace),
            ]),
          ),
        ]),
  ];
}

function routesOf({ gateways }: Mesh, anchors: Anchors): readonly (readonly (string | Markup)[])[] {
  return gateways.flatMap(({ name, hosts }) =>
    hosts.flatMap(({ host, port, openedBy, urn, routes }) => {
      const start = [host, markup`${name}, by ${linked(anchors.of(urn), openedBy)}`, String(port)];
      if (routes.length === 0) return [[...start, "", "no: no route"]];
      return routes.map((route) => [
        ...start,
        markup`${route.what}, by ${linked(anchors.of(route.urn), route.place)}`,
        arrivalOf(route),
      ]);
    }),
  );
}

const ARRIVES = { yes: "yes", no: "no", unknown: "depends" } as const;

function arrivalOf({ answer, because }: GatewayRoute): string {
  return because === "" ? ARRIVES[answer] : `${ARRIVES[answer]}: ${because}`;
}

function callersOf(service: MeshService, namespace: MeshNamespace): string | Markup {
  const openness = opennessOf(service, namespace);
  if (openness === "not known") return `not known: ${service.unknown ?? ""}`;
  if (openness !== "callers" && openness !== "namespace") {
    return opennessInWords(service, namespace);
  }
  const items = service.callers.map(
    ({ label, because }) =>
      markup`<li>${label}${because === "" ? undefined : markup` <span class="muted">depends: ${because}</span>`}</li>`,
  );
  return markup`<ul>${items}</ul>`;
}
