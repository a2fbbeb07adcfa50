import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { selectorOf } from "./selector.ts";
import type { Said } from "./splits.ts";

/** What a Retry says about one of its destinations. */
export interface Retries {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly service: string;
  /** The pods that retry, as conditions of a VirtualService. */
  readonly senders: readonly object[];
  readonly policy: object;
}

const BY_HAND = "Write the retries into a VirtualService of the destination.";

/**
 * The Retries. OSM retries nothing else; Istio retries twice, unless a VirtualService says something else.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
 */
export function retriesOf(mesh: OsmMesh): {
  readonly found: readonly Retries[];
  readonly said: readonly Said[];
} {
  const found: Retries[] = [];
  const said: Said[] = [];
  const isOff =
    mesh.config !== undefined &&
    valueAt(mesh.config.object, "spec", "featureFlags", "enableRetryPolicy") !== true;
  for (const manifest of objectsOf(mesh, "Retry")) {
    if (isOff) {
      const message =
        "OSM does not read it, because enableRetryPolicy of its MeshConfig is not true.";
      said.push({ manifest, fate: "unneeded", message });
      continue;
    }
    const result = read(mesh, manifest);
    if (typeof result === "string") {
      said.push({ manifest, fate: "untranslated", message: result, fix: BY_HAND });
    } else {
      found.push(...result);
      said.push({
        manifest,
        fate: "approximated",
        message:
          "The same senders retry in the same way. Requests without a Retry, which OSM sends once, are retried twice by Istio if the server could not be reached.",
      });
    }
  }
  return { found, said };
}

function read(mesh: OsmMesh, manifest: Manifest): readonly Retries[] | string {
  const { object } = manifest;
  const [name, namespace] = ["name", "namespace"].map((field) =>
    textAt(object, "spec", "source", field),
  );
  const senders = mesh.workloads.filter(
    (one) => one.namespace === namespace && one.serviceAccount === name,
  );
  if (senders.length === 0) {
    return `No workload among the manifests runs as the ServiceAccount ${namespace ?? ""}/${name ?? ""}, and a VirtualService selects senders by their labels.`;
  }
  const selectors = senders.map((one) => selectorOf(one, mesh));
  const conflict = selectors.find((one) => "conflict" in one);
  if (conflict !== undefined) return `No route can select only its senders: ${conflict.conflict}.`;
  const destinations = listAt(object, "spec", "destinations");
  const wrong = destinations.find(
    (one) => textAt(one, "kind") !== "Service" || textAt(one, "name") === undefined,
  );
  if (destinations.length === 0 || wrong !== undefined) {
    return "Its destinations are not all Services.";
  }
  const policy = valueAt(object, "spec", "retryPolicy");
  return destinations.map((destination) => ({
    manifest,
    namespace: textAt(destination, "namespace") ?? "",
    service: textAt(destination, "name") ?? "",
    senders: selectors.flatMap((selector) =>
      "labels" in selector ? [{ sourceLabels: selector.labels, sourceNamespace: namespace }] : [],
    ),
    policy: {
      attempts: numberAt(policy, "numRetries") ?? 1,
      ...field("perTryTimeout", textAt(policy, "perTryTimeout")),
      ...field("retryOn", textAt(policy, "retryOn")),
      ...field("backoff", textAt(policy, "retryBackoffBaseInterval")),
    },
  }));
}

function field(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value };
}
