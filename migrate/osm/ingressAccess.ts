import { numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import type { Fate } from "../report.ts";
import { serviceNamed } from "./hosts.ts";
import type { IngressSources } from "./ingressSources.ts";
import { istioObject } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { plainTextOn } from "./plainTextPorts.ts";
import type { Service } from "./services.ts";
import type { Labels } from "./workloads.ts";

/** What opens a backend. */
interface Access {
  readonly objects: (name: string, namespace: string) => readonly ClusterObject[];
  readonly fate: Fate;
  readonly message: string;
}

/** The objects that open a backend, or why there are none. */
export function accessTo(
  mesh: OsmMesh,
  namespace: string,
  backend: unknown,
  sources: IngressSources,
): Access | string {
  const service = serviceNamed(mesh, namespace, textAt(backend, "name") ?? "");
  const port = numberAt(backend, "port", "number");
  const protocol = textAt(backend, "port", "protocol")?.toLowerCase();
  if (service === undefined || Object.keys(service.selector).length === 0) {
    return "The manifests lack the Service, or it selects no pods.";
  }
  if (port === undefined) return "It has no port.number.";
  const { selector } = service;
  const isPlain = protocol === "http";
  const isMutual =
    protocol === "https" && valueAt(backend, "tls", "skipClientCertValidation") !== true;
  if (!isPlain && protocol !== "https") {
    return `Its protocol ${JSON.stringify(protocol ?? "")} is neither http nor https.`;
  }
  if (sources.problem !== undefined) return sources.problem;

  if (isMutual && sources.authenticated.length > 0) {
    return ofMesh(
      mesh,
      selector,
      port,
      { principals: sources.authenticated, ipBlocks: sources.blocks },
      [
        "It names a certificate, and the policy allows the ServiceAccount of the same name.",
        ...(sources.controllers.length > 0
          ? ["It does not compare the addresses of the Service."]
          : []),
      ].join(" "),
    );
  }
  const unread =
    sources.authenticated.length > 0
      ? " OSM does not compare its AuthenticatedPrincipals with plain text or an unchecked certificate, and the policy does not either."
      : "";
  if (isMutual) return "It names no AuthenticatedPrincipal, so OSM lets nobody through.";
  if (sources.controllers.length > 0 && sources.blocks.length > 0) {
    return "It names both Services and IPRanges.";
  }
  if (sources.controllers.length > 0) {
    return ofMesh(
      mesh,
      selector,
      port,
      { principals: sources.controllers, ipBlocks: [] },
      `OSM allows the addresses of the Service, and the policy the ServiceAccount of its pods.${unread}`,
    );
  }
  if (!isPlain) return "A sidecar of Istio does not terminate TLS of clients outside the mesh.";
  if (sources.blocks.length === 0) {
    return "It names neither a Service nor an IPRange, so OSM accepts plain text from everybody. The port stays closed.";
  }
  const access = ofPlainText(mesh, service, port, sources.blocks);
  return { ...access, message: access.message + unread };
}

/** Clients in the mesh; without addresses, at any of them. */
interface Senders {
  readonly principals: readonly string[];
  readonly ipBlocks: readonly string[];
}

/** Access for clients in the mesh. A permissive mesh allows them anyway. */
function ofMesh(
  mesh: OsmMesh,
  selector: Labels,
  port: number,
  { principals, ipBlocks }: Senders,
  why: string,
): Access {
  const rule = {
    from: [{ source: { principals, ...(ipBlocks.length === 0 ? {} : { ipBlocks }) } }],
    to: [{ operation: { ports: [String(port)] } }],
  };
  return {
    objects: (name, namespace) =>
      mesh.isPermissive
        ? []
        : [
            istioObject("AuthorizationPolicy", namespace, name, {
              selector: { matchLabels: selector },
              action: "ALLOW",
              rules: [rule],
            }),
          ],
    fate: "approximated",
    message: `${why} Its pods need a sidecar, and send HTTP, to which the sidecars add mutual TLS: label the namespace of the ingress controller, and exclude the ports that its own clients call with traffic.sidecar.istio.io/excludeInboundPorts.`,
  };
}

/** Access for addresses that send plain text to one port. */
function ofPlainText(
  mesh: OsmMesh,
  service: Service,
  port: number,
  blocks: readonly string[],
): Access {
  const ports = [String(port)];
  // A client with an identity comes from the mesh, for which other policies decide.
  const plain = { notPrincipals: ["*"] };
  const policy = mesh.isPermissive
    ? {
        action: "DENY",
        rules: [
          { from: [{ source: { ...plain, notIpBlocks: blocks } }], to: [{ operation: { ports } }] },
        ],
      }
    : {
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { ...plain, ipBlocks: blocks } }],
            to: [{ operation: { ports } }],
          },
        ],
      };
  return {
    objects: (name, namespace) => [
      plainTextOn(mesh, service, port),
      istioObject("AuthorizationPolicy", namespace, name, {
        selector: { matchLabels: service.selector },
        ...policy,
      }),
    ],
    fate: "translated",
    message: "The port accepts plain text, too, and from the same addresses.",
  };
}
