import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { GATEWAY_PORTS } from "../../mesh/ingressGateways.ts";
import { isBlockedKind } from "../../mesh/ownIstio.ts";
import {
  telemetryFieldProblem,
  telemetryFields,
  telemetrySpecProblem,
} from "../../mesh/telemetryFields.ts";
import type { TelemetryPart } from "../../mesh/telemetryFields.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { blocker, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { groupOf } from "./kinds.ts";
import { selectsIngress } from "./selectors.ts";
import type { World } from "./world.ts";

/** What to use instead of the kinds that the add-on blocks. */
const INSTEAD: Readonly<Record<string, string>> = {
  ProxyConfig:
    "Set the annotation proxy.istio.io/config on pods, or defaultConfig in the shared ConfigMap for the whole mesh.",
  WorkloadEntry:
    "Write the address as an endpoint of a ServiceEntry. It has no identity in the mesh.",
  WorkloadGroup: "Virtual machines cannot join the mesh. Reach them with a ServiceEntry.",
  WasmPlugin:
    "Use RequestAuthentication, AuthorizationPolicy with an external authorizer, or an EnvoyFilter, which Microsoft does not support.",
};

/** What the add-on blocks, limits or does not support of Istio's own kinds. */
export function istioKindFindings(manifest: Manifest, world: World): readonly Finding[] {
  const { kind } = manifest;
  const group = groupOf(manifest);
  if (isBlockedKind(group, kind)) {
    return [blocker([], `The add-on blocks the kind ${kind}.`, INSTEAD[kind] ?? "Do without it.")];
  }
  switch (`${group}/${kind}`) {
    case "networking.istio.io/EnvoyFilter":
      return envoyFilter(manifest, world);
    case "networking.istio.io/Gateway":
      return selectsIngress(manifest, world) ? ports(manifest) : [];
    case "telemetry.istio.io/Telemetry":
      return telemetry(manifest);
    case "gateway.networking.k8s.io/HTTPRoute":
    case "gateway.networking.k8s.io/GRPCRoute":
      return meshRoute(manifest);
    case "security.istio.io/AuthorizationPolicy":
      return waypointPolicy(manifest);
    default:
      return [];
  }
}

function envoyFilter({ object }: Manifest, { revision }: World): readonly Finding[] {
  const written = JSON.stringify(valueAt(object, "spec") ?? {});
  const lua = written.includes("envoy.filters.http.lua")
    ? ", such as those of its Lua script,"
    : "";
  const versions = listAt(object, "spec", "configPatches").flatMap((patch, index) => {
    const version = textAt(patch, "match", "proxy", "proxyVersion");
    const [, minor] = /(\d+)\D*$/.exec(revision) ?? [];
    if (version === undefined || minor === undefined || matchesMinor(version, minor)) return [];
    return [
      blocker(
        ["spec", "configPatches", index, "match", "proxy", "proxyVersion"],
        `The patch is for proxies of the version ${version}, and those of ${revision} do not match, so it would silently end.`,
        `Test the patch with proxies of ${revision}, and change the expression.`,
      ),
    ];
  });
  return [
    note(
      [],
      `The add-on accepts an EnvoyFilter, but Microsoft does not support problems${lua} that it causes.`,
      "If another resource of Istio does the same, use it instead.",
    ),
    ...versions,
  ];
}

/** Whether an expression matches any patch release of a minor version of Istio 1. */
function matchesMinor(expression: string, minor: string): boolean {
  try {
    const pattern = new RegExp(expression);
    return Array.from({ length: 30 }, (_, patch) => `1.${minor}.${patch}`).some((version) =>
      pattern.test(version),
    );
  } catch {
    return false;
  }
}

const PORTS: readonly number[] = Object.values(GATEWAY_PORTS);

/** The ports of a gateway's Service for those of its pods, with which Istio's charts connect them. */
const SERVED: Readonly<Record<number, number>> = { 8080: 80, 8443: 443 };

function ports({ object }: Manifest): readonly Finding[] {
  const servers = listAt(object, "spec", "servers");
  return servers.flatMap((server, index) => {
    const port = numberAt(server, "port", "number");
    if (textAt(server, "tls", "mode") === "AUTO_PASSTHROUGH") {
      return [
        blocker(
          ["spec", "servers", index, "tls", "mode"],
          "The server connects clusters, and the add-on does not support meshes of several clusters.",
          "Reach services of other clusters through their ingress gateways, with a ServiceEntry.",
        ),
      ];
    }
    if (port === undefined || PORTS.includes(port)) return [];
    const served = SERVED[port];
    const isTaken = servers.some((one) => numberAt(one, "port", "number") === served);
    if (served !== undefined && !isTaken) {
      const at = ["spec", "servers", index, "port", "number"];
      return [
        set(
          at,
          port,
          served,
          "The port is one of the pods of Istio's gateways, and the add-on's have the one of the Service.",
        ),
      ];
    }
    return [
      blocker(
        ["spec", "servers", index, "port", "number"],
        `The port is ${port}, and the Services of the add-on's ingress gateways have only 80, 443 and 15021.`,
        "Use one of these ports, or a Gateway of the Kubernetes Gateway API, for which Istio deploys a proxy with the ports of its listeners.",
      ),
    ];
  });
}

function telemetry({ object }: Manifest): readonly Finding[] {
  const spec = valueAt(object, "spec");
  if (!isRecord(spec)) return [];
  const fix = "Use a field that the add-on accepts.";
  return Object.keys(spec).flatMap((field) => {
    const problem = telemetrySpecProblem(field);
    if (problem !== undefined) return [blocker(["spec", field], problem, fix)];
    if (!Object.hasOwn(telemetryFields, field)) return [];
    return listAt(spec, field).flatMap((item, index) =>
      (isRecord(item) ? Object.keys(item) : []).flatMap((name) => {
        const wrong = telemetryFieldProblem(field as TelemetryPart, name);
        return wrong === undefined ? [] : [blocker(["spec", field, index, name], wrong, fix)];
      }),
    );
  });
}

/** @see https://learn.microsoft.com/azure/aks/istio-about#limitations */
function meshRoute({ object }: Manifest): readonly Finding[] {
  return listAt(object, "spec", "parentRefs").flatMap((parent, index) =>
    textAt(parent, "kind") === "Service"
      ? [
          blocker(
            ["spec", "parentRefs", index],
            "The route is for traffic inside of the mesh (GAMMA), which the add-on does not support.",
            "Write a VirtualService for the Service.",
          ),
        ]
      : [],
  );
}

/** With sidecars, nothing applies a policy to a Service or to a waypoint. */
function waypointPolicy({ object }: Manifest): readonly Finding[] {
  const targets = [...listAt(object, "spec", "targetRefs"), valueAt(object, "spec", "targetRef")];
  const at = targets.findIndex(
    (one) =>
      ["Service", "ServiceEntry"].includes(textAt(one, "kind") ?? "") ||
      textAt(one, "name") === "waypoint",
  );
  if (at === -1) return [];
  return [
    blocker(
      ["spec", at < targets.length - 1 ? "targetRefs" : "targetRef"],
      "A waypoint applies the policy, and the add-on has none, so it would have no effect.",
      "Select the pods with spec.selector instead, so that their sidecars apply it.",
    ),
  ];
}
