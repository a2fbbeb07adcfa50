import { cluster, kubernetes, object } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";

/** A cluster whose managed Gateway API has every kind of route, and its provider. */
export const mesh = cluster({ kubernetesVersion: "1.37" });
export const provider = kubernetes(mesh);

/** A Gateway API object whose name in the cluster equals its logical name. */
export function gatewayApi(
  kind: string,
  name: string,
  spec: unknown,
  metadata: Props = {},
  version = "v1",
): Fixture {
  const props = { metadata: { name, namespace: "shop", ...metadata }, spec };
  return object(provider, `gateway.networking.k8s.io/${version}`, kind, props, name);
}

/** A Gateway of class istio with listeners. */
export function gateway(
  name: string,
  listeners: unknown,
  metadata: Props = {},
  spec: Props = {},
): Fixture {
  return gatewayApi("Gateway", name, { gatewayClassName: "istio", listeners, ...spec }, metadata);
}

export const HTTP = { name: "http", port: 80, protocol: "HTTP" };

export function service(
  name: string,
  ports: unknown = [{ port: 80 }],
  namespace: unknown = "shop",
): Fixture {
  const props = { metadata: { name, namespace }, spec: { selector: { app: name }, ports } };
  return object(provider, "core/v1", "Service", props, name);
}
