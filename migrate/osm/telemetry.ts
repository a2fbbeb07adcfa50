import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf, merged } from "../report.ts";
import type { Translation } from "../report.ts";
import { namespaceOf } from "./hosts.ts";
import { istioObject, objectName } from "./istioObjects.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { textsOf } from "./workloads.ts";

/** Telemetries of Istio that turn on access logs where those of OSM do. */
export function telemetriesOf(mesh: OsmMesh): Translation {
  return merged(
    objectsOf(mesh, "Telemetry").map((manifest): Translation => {
      const { object, name = "" } = manifest;
      const selector = textsOf(valueAt(object, "spec", "selector"));
      const telemetry = istioObject("Telemetry", namespaceOf(manifest), objectName(name), {
        ...(Object.keys(selector).length === 0 ? {} : { selector: { matchLabels: selector } }),
        accessLogging: [{ providers: [{ name: "envoy" }] }],
      });
      const isFormatted = textAt(object, "spec", "accessLog", "format") !== undefined;
      const isExported = valueAt(object, "spec", "accessLog", "openTelemetry") !== undefined;
      const lost = [
        ...(isFormatted ? ["Istio has one format of access logs for the whole mesh."] : []),
        ...(isExported
          ? [
              "Access logs are not sent to the OpenTelemetry collector, which has to be an extensionProvider of the mesh.",
            ]
          : []),
      ];
      return {
        objects: [telemetry],
        entries: [
          entryOf(
            manifest,
            lost.length === 0 ? "translated" : "untranslated",
            ["The same pods write access logs.", ...lost].join(" "),
            {
              becomes: [telemetry],
              ...(lost.length === 0
                ? {}
                : { fix: "Set accessLogFormat or extensionProviders in the shared ConfigMap." }),
            },
          ),
        ],
      };
    }),
  );
}
