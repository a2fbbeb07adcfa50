import { stringify } from "yaml";
import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../mesh/names.ts";
import type { MeshConfig } from "../../mesh/meshConfig.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Entry, Translation } from "../report.ts";
import { istioObject } from "./istioObjects.ts";
import { meshConfigFields } from "./meshConfigFields.ts";
import { MESH_CONFIG, objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";

const TRACING_PROVIDER = "zipkin-of-osm";

/**
 * The shared ConfigMap of the revision, and the mesh's tracing, from OSM's MeshConfig. OSM writes access logs as JSON to
 * the standard output of every sidecar.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/mesh_config/
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig
 */
export function meshConfigOf(mesh: OsmMesh, revision: string): Translation {
  const others = otherConfigs(mesh);
  const { config } = mesh;
  if (config === undefined) return { objects: [], entries: others };
  const { object } = config;
  const isOpen = valueAt(object, "spec", "traffic", "enableEgress") === true;
  const tracing = tracingOf(object);
  const settings: MeshConfig = {
    accessLogFile: "/dev/stdout",
    accessLogEncoding: "JSON",
    outboundTrafficPolicy: { mode: isOpen ? "ALLOW_ANY" : "REGISTRY_ONLY" },
    ...(tracing === undefined
      ? {}
      : { enableTracing: true, extensionProviders: [{ name: TRACING_PROVIDER, zipkin: tracing }] }),
  };
  const configMap: ClusterObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: sharedConfigMapName(revision as MeshRevision),
      namespace: CONTROL_PLANE_NAMESPACE,
    },
    data: { mesh: stringify(settings) },
  };
  const objects = [
    configMap,
    ...(tracing === undefined
      ? []
      : [
          istioObject("Telemetry", CONTROL_PLANE_NAMESPACE, "tracing", {
            tracing: [{ providers: [{ name: TRACING_PROVIDER }], randomSamplingPercentage: 100 }],
          }),
        ]),
  ];
  const outbound = isOpen
    ? entryOf(config, "translated", "Sidecars forward requests to any host.", {
        part: "traffic.enableEgress",
        steps: ["spec", "traffic", "enableEgress"],
        becomes: [configMap],
      })
    : entryOf(
        config,
        "approximated",
        "Sidecars refuse hosts outside the cluster that no ServiceEntry names. Services of the cluster that are outside the mesh are not refused, as OSM refused them.",
        {
          part: "traffic.enableEgress",
          steps: ["spec", "traffic", "enableEgress"],
          becomes: [configMap],
        },
      );
  return { objects, entries: [outbound, ...meshConfigFields(config, objects), ...others] };
}

/** What becomes of MeshConfigs that do not decide. */
function otherConfigs(mesh: OsmMesh): readonly Entry[] {
  return objectsOf(mesh, "MeshConfig")
    .filter((one) => one !== mesh.config)
    .map((one) =>
      one.name === MESH_CONFIG
        ? entryOf(one, "untranslated", "Several MeshConfigs have this name, and OSM reads one.", {
            fix: "Pass only that in the namespace of OSM, which is kube-system with the add-on of AKS.",
          })
        : entryOf(one, "unneeded", `OSM reads only the MeshConfig ${MESH_CONFIG}.`),
    );
}

/** Where a sidecar sends traces; undefined if tracing is off. */
function tracingOf(object: unknown): object | undefined {
  const at = ["spec", "observability", "tracing"] as const;
  if (valueAt(object, ...at, "enable") !== true) return undefined;
  return {
    service: textAt(object, ...at, "address") ?? "jaeger.osm-system.svc.cluster.local",
    port: numberAt(object, ...at, "port") ?? 9411,
  };
}
