import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf, merged } from "../report.ts";
import type { Entry, Translation } from "../report.ts";
import { hostOf, namespaceOf } from "./hosts.ts";
import { istioObject, objectName } from "./istioObjects.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";

/**
 * Fields of OSM's connectionSettings, and those of Istio's connectionPool.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
 */
const FIELDS = [
  [
    ["tcp", "maxConnections"],
    ["tcp", "maxConnections"],
  ],
  [
    ["tcp", "connectTimeout"],
    ["tcp", "connectTimeout"],
  ],
  [
    ["http", "maxRequests"],
    ["http", "http2MaxRequests"],
  ],
  [
    ["http", "maxRequestsPerConnection"],
    ["http", "maxRequestsPerConnection"],
  ],
  [
    ["http", "maxPendingRequests"],
    ["http", "http1MaxPendingRequests"],
  ],
  [
    ["http", "maxRetries"],
    ["http", "maxRetries"],
  ],
] as const;

/** DestinationRules with the connection limits of UpstreamTrafficSettings. */
export function upstreamSettingsOf(mesh: OsmMesh): Translation {
  return merged(objectsOf(mesh, "UpstreamTrafficSetting").map(translated));
}

function translated(manifest: Manifest): Translation {
  const { object, name = "" } = manifest;
  const namespace = namespaceOf(manifest);
  const host = fullHost(textAt(object, "spec", "host") ?? "", namespace);
  const pool: Record<string, Record<string, unknown>> = {};
  for (const [from, [part, field]] of FIELDS) {
    const value = valueAt(object, "spec", "connectionSettings", ...from);
    if (value !== undefined) pool[part] = { ...pool[part], [field]: value };
  }
  const hasPool = Object.keys(pool).length > 0;
  const objects = hasPool
    ? [
        istioObject("DestinationRule", namespace, objectName(name), {
          host,
          trafficPolicy: { connectionPool: pool },
        }),
      ]
    : [];
  const limits = limitsOf(manifest);
  return {
    objects,
    entries: [
      ...(hasPool || limits.length === 0
        ? [
            hasPool
              ? entryOf(
                  manifest,
                  "translated",
                  "The same limits hold for connections and requests of each client.",
                  { becomes: objects },
                )
              : entryOf(manifest, "unneeded", "It sets nothing."),
          ]
        : []),
      ...limits,
    ],
  };
}

/** The rate limits, which Istio's own resources do not have. */
function limitsOf(manifest: Manifest): readonly Entry[] {
  const spec = valueAt(manifest.object, "spec");
  const places = [
    ...["tcp", "http"]
      .map((protocol) => ["rateLimit", "local", protocol])
      .filter((path) => valueAt(spec, ...path) !== undefined),
    ...listAt(spec, "httpRoutes").flatMap((route, index) =>
      valueAt(route, "rateLimit") === undefined ? [] : [["httpRoutes", index, "rateLimit"]],
    ),
  ];
  return places.map((path) =>
    entryOf(
      manifest,
      "untranslated",
      "Istio limits rates only with an EnvoyFilter, which the add-on accepts and Azure does not support.",
      {
        part: path
          .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
          .join("")
          .slice(1),
        steps: ["spec", ...path],
        fix: "Limit the rate at the ingress or in the application, or write an EnvoyFilter with a filter local_ratelimit and maintain it yourself.",
      },
    ),
  );
}

/** A name of a Service becomes its full name; names of other hosts stay. */
function fullHost(host: string, namespace: string): string {
  const [name = "", of, ...rest] = host.split(".");
  if (of === undefined) return hostOf(namespace, name);
  const isService = rest.length === 0 || rest[0] === "svc";
  return isService && of === namespace ? hostOf(of, name) : host;
}
