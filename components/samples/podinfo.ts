import type { PodOptions, Version } from "../workloads/deployment.ts";
import type { ProxyOptions } from "../workloads/proxyOptions.ts";

const DIGEST = "sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5";
const VERSION = "6.11.1";

/** The port of each protocol. */
export const PODINFO_PORTS = { http: 9898, grpc: 9999 } as const;

/**
 * Podinfo, pinned by digest; the tag is only for readers.
 *
 * @param more arguments in addition to its ports
 * @see https://github.com/stefanprodan/podinfo
 */
export function podinfo(...more: readonly string[]): Version {
  const { http, grpc } = PODINFO_PORTS;
  return {
    image: `ghcr.io/stefanprodan/podinfo:${VERSION}@${DIGEST}`,
    version: VERSION,
    command: ["./podinfo", `--port=${http}`, `--grpc-port=${grpc}`, ...more],
  };
}

export function podinfoPods(proxy: ProxyOptions | undefined): PodOptions {
  return {
    container: "podinfo",
    ports: PODINFO_PORTS,
    probes: { readiness: "/readyz", liveness: "/healthz" },
    resources: { cpu: "50m", memory: "32Mi", memoryLimit: "128Mi" },
    writable: { path: "/data", sizeLimit: "64Mi" },
    proxy,
  };
}
