import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { MeshConfig } from "../../mesh/meshConfig.ts";
import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { retryUntilAddOnsArrive } from "../azure/retries.ts";

export interface MeshConfigurationArgs {
  /** The revisions that get a shared ConfigMap, including the one that starts next. */
  readonly configMaps: readonly MeshRevision[];
  /**
   * Content of the shared ConfigMaps; if empty, none are created.
   *
   * @see https://learn.microsoft.com/azure/aks/istio-meshconfig
   */
  readonly meshConfig: MeshConfig;
  /**
   * Whether sidecars reject plain text (`strict`) or also accept it (`permissive`).
   *
   * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
   */
  readonly mtls: "strict" | "permissive";
  /** Whether every proxy writes its access log to standard output. @see https://learn.microsoft.com/azure/aks/istio-telemetry */
  readonly accessLogs: boolean;
}

/**
 * The configuration of the whole mesh: the shared ConfigMap of each revision, mutual TLS and access logs. Its resources
 * depend on the component's `dependsOn`.
 */
export class MeshConfiguration extends pulumi.ComponentResource {
  constructor(name: string, args: MeshConfigurationArgs, opts?: pulumi.ComponentResourceOptions) {
    const { configMaps, meshConfig, mtls, accessLogs } = args;
    super("aks-istio:index:MeshConfiguration", name, { configMaps, mtls, accessLogs }, opts);
    const children = {
      parent: this,
      dependsOn: opts?.dependsOn ?? [],
      hooks: retryUntilAddOnsArrive(`MeshConfiguration ${name}`),
    };
    const namespace = CONTROL_PLANE_NAMESPACE;

    for (const revision of Object.keys(meshConfig).length === 0 ? [] : configMaps) {
      new k8s.core.v1.ConfigMap(
        `${name}-${revision}`,
        {
          metadata: { name: sharedConfigMapName(revision), namespace },
          data: { mesh: yaml(meshConfig) },
        },
        children,
      );
    }
    new k8s.apiextensions.CustomResource(
      `${name}-mtls`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        // In the control plane's namespace, with this name and no selector, it applies to the whole
        // mesh.
        metadata: { name: "default", namespace },
        spec: { mtls: { mode: mtls.toUpperCase() } },
      },
      children,
    );
    if (accessLogs) {
      new k8s.apiextensions.CustomResource(
        `${name}-access-logs`,
        {
          apiVersion: "telemetry.istio.io/v1",
          kind: "Telemetry",
          metadata: { name: "access-logs", namespace },
          // The built-in provider, which AKS supports.
          spec: { accessLogging: [{ providers: [{ name: "envoy" }] }] },
        },
        children,
      );
    }
    this.registerOutputs();
  }
}

/** YAML that does not depend on the order of the keys, and that Istio's YAML 1.1 parser reads alike. */
function yaml(meshConfig: MeshConfig): string {
  return stringify(meshConfig, { sortMapEntries: true, lineWidth: 0, compat: "yaml-1.1" });
}
