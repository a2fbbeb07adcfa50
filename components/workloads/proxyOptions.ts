/**
 * CPU and memory of a sidecar, as Kubernetes quantities. Istio takes all of them from the workload once one is set, so
 * none of the mesh's own values would apply to the rest.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarProxyCPU
 */
export interface ProxyResources {
  readonly cpu: string;
  readonly memory: string;
  /** @default - no limit, so the sidecar can use idle cores */
  readonly cpuLimit?: string | undefined;
  readonly memoryLimit: string;
}

/** The sidecar of a workload. */
export interface ProxyOptions {
  /**
   * @default - what the add-on sets: requests of 100m and 128Mi, and limits of 2 cores and 1Gi
   * @see https://github.com/Azure/AKS/issues/4362
   */
  readonly resources?: ProxyResources | undefined;
  /**
   * Whether the application starts only once its sidecar is ready, so that its first requests do not fail. A native
   * sidecar always starts first.
   *
   * @default - what the mesh configuration says
   * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig-hold_application_until_proxy_starts
   */
  readonly holdApplicationUntilProxyStarts?: boolean | undefined;
  /**
   * Whether the sidecar is an init container that keeps running, which starts before the application and ends after
   * it, or a container beside it.
   *
   * @default - what the revision does: native from asm-1-29 on, if every node runs Kubernetes 1.33 or later
   * @see https://learn.microsoft.com/azure/aks/istio-native-sidecar
   */
  readonly native?: boolean | undefined;
}

/** The annotations of a pod that set these options. */
export function proxyAnnotations({
  resources,
  holdApplicationUntilProxyStarts: hold,
  native,
}: ProxyOptions): Readonly<Record<string, string>> {
  const { cpu, memory, cpuLimit, memoryLimit } = resources ?? {};
  const annotations = {
    "sidecar.istio.io/proxyCPU": cpu,
    "sidecar.istio.io/proxyMemory": memory,
    "sidecar.istio.io/proxyCPULimit": cpuLimit,
    "sidecar.istio.io/proxyMemoryLimit": memoryLimit,
    "proxy.istio.io/config":
      hold === undefined ? undefined : JSON.stringify({ holdApplicationUntilProxyStarts: hold }),
    "sidecar.istio.io/nativeSidecar": native === undefined ? undefined : String(native),
  };
  return Object.fromEntries(
    Object.entries(annotations).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
