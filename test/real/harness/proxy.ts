import { Client, credentials } from "@grpc/grpc-js";
import { BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { SIDECAR_INJECT_LABEL } from "../../../mesh/names.ts";
import type { Resource } from "./cluster.ts";
import type { Pod } from "./pods.ts";
import type { PushedConfiguration } from "./pushed.ts";
import { Hopeless, waitFor } from "./waitFor.ts";

const CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
const LISTENERS = "type.googleapis.com/envoy.config.listener.v3.Listener";
const ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
const STREAM = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

/** The identity that a proxy claims. Gateways are routers. */
export interface ProxyIdentity {
  readonly type: "sidecar" | "router";
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function identityOf(pod: Pod): ProxyIdentity {
  const { name, namespace = "", labels = {} } = pod.metadata;
  const address = pod.status?.podIP;
  if (address === undefined) throw new Error(`${name} has no address`);
  return { type: "sidecar", name, namespace, address, labels };
}

/** A pod like AKS's pod for a gateway, with the label that Istio's Gateways select. */
export function gatewayPod(namespace: string, istio: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: istio,
      namespace,
      labels: { istio, [SIDECAR_INJECT_LABEL]: "false" },
    },
    spec: { containers: [{ name: "gateway", image: "registry.invalid/proxyv2" }] },
  };
}

/** Connects to an istiod as the proxy of a pod does, and requests its configuration. */
export async function pushedTo(
  identity: ProxyIdentity,
  { http, xds }: { readonly http: number; readonly xds: number },
): Promise<PushedConfiguration> {
  const client = new Client(`127.0.0.1:${xds}`, credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(
    STREAM,
    (message: Uint8Array) => Buffer.from(message),
    (bytes: Buffer) => bytes,
  );
  const answered = new Set<string>();
  stream.on("data", (bytes: Buffer) => {
    // The resources are parsed elsewhere; every response spells out its type, even an empty one.
    for (const type of [CLUSTERS, LISTENERS, ROUTES]) if (bytes.includes(type)) answered.add(type);
  });
  let failure: Error | undefined;
  stream.on("error", (error) => (failure = error));
  const id = `${identity.name}.${identity.namespace}`;
  const ask = async (type: string, names: readonly string[] = []) => {
    stream.write(discoveryRequest(identity, type, names));
    await waitFor(`an answer about ${type} to ${id}`, () => {
      if (failure !== undefined) throw new Hopeless(`${id} got no ${type}: ${failure.message}`);
      return answered.has(type);
    });
    const response = await fetch(`http://127.0.0.1:${http}/debug/config_dump?proxyID=${id}`);
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return configurationOf((JSON.parse(text) as { configs: readonly Section[] }).configs);
  };
  try {
    await ask(CLUSTERS);
    const given = await ask(LISTENERS);
    // A proxy requests the routes that its listeners name; istiod keeps none that are not requested.
    const names = routeNames(given.listeners);
    return names.length === 0 ? given : await ask(ROUTES, names);
  } finally {
    stream.cancel();
    client.close();
  }
}

function routeNames(listeners: readonly unknown[]): string[] {
  const names = JSON.stringify(listeners).matchAll(/"routeConfigName":"([^"]+)"/g);
  return [...new Set([...names].map(([, name]) => name ?? ""))];
}

interface Section {
  readonly dynamicListeners?: readonly { activeState: { listener: unknown } }[];
  readonly dynamicRouteConfigs?: readonly { routeConfig: unknown }[];
  readonly dynamicActiveClusters?: readonly { cluster: unknown }[];
}

function configurationOf(sections: readonly Section[]): PushedConfiguration {
  return {
    listeners: sections.flatMap(({ dynamicListeners = [] }) =>
      dynamicListeners.map(({ activeState }) => activeState.listener),
    ),
    routes: sections.flatMap(({ dynamicRouteConfigs = [] }) =>
      dynamicRouteConfigs.map(({ routeConfig }) => routeConfig),
    ),
    clusters: sections.flatMap(({ dynamicActiveClusters = [] }) =>
      dynamicActiveClusters.map(({ cluster }) => cluster),
    ),
  };
}

/**
 * A proxy's request, with its field numbers.
 *
 * @see https://github.com/envoyproxy/envoy/blob/main/api/envoy/service/discovery/v3/discovery.proto
 * @see https://github.com/envoyproxy/envoy/blob/main/api/envoy/config/core/v3/base.proto
 */
function discoveryRequest(
  { type, name, namespace, address, labels }: ProxyIdentity,
  resources: string,
  names: readonly string[],
): Uint8Array {
  const metadata = Struct.fromJavaScript({
    NAMESPACE: namespace,
    LABELS: labels as Record<string, JavaScriptValue>,
    CLUSTER_ID: "Kubernetes",
    ISTIO_VERSION: "1.30.0",
    INSTANCE_IPS: address,
  });
  const request = new BinaryWriter();
  request.writeMessage(2, metadata, (value, node) => {
    node.writeString(1, `${type}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`);
    node.writeMessage(3, value, (struct: Struct, writer) => {
      Struct.serializeBinaryToWriter(struct, writer);
    });
  });
  request.writeRepeatedString(3, [...names]);
  request.writeString(4, resources);
  return request.getResultBuffer();
}
