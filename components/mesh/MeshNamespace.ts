import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CONTROL_PLANE_NAMESPACE, MESH_DECISION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { valueAfter } from "../azure/valueAfter.ts";

/** Levels of the Kubernetes pod security standards, least restrictive first. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface MeshNamespaceArgs {
  /** The revision that injects sidecars, or `outside` for a namespace that is not in the mesh. */
  readonly mesh: pulumi.Input<MeshRevision> | "outside";
  /**
   * The enforced pod security standard. Pods that do not meet `restricted` always cause a warning and an audit entry.
   *
   * @default - `restricted` outside the mesh. `privileged` in the mesh, because the revision does not show whether a
   * stricter level rejects sidecars: a mesh that was installed before `asm-1-30` keeps using a privileged init
   * container, and a newer one does not.
   * @see https://learn.microsoft.com/azure/aks/istio-cni
   */
  readonly podSecurity?: PodSecurityLevel | undefined;
  /**
   * Whether its sidecars deny every request that no AuthorizationPolicy allows. No effect outside the mesh.
   *
   * @default false
   * @see https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy
   */
  readonly defaultDeny?: boolean | undefined;
  /**
   * The namespaces whose services its sidecars know, in addition to its own and the control plane's. Sidecars treat
   * unknown services as external: without mutual TLS. No effect outside the mesh.
   *
   * @default - all namespaces, which costs every sidecar memory for services that it never calls
   * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
   */
  readonly sidecarScope?: readonly string[] | undefined;
  /** Additional labels; those of the mesh and of pod security always come from the component. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** @default none */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /**
   * Limits for all pods of the namespace together, including sidecars: the `hard` limits of a ResourceQuota, such as `{
   * "requests.cpu": "8", pods: "50" }`.
   *
   * @default - no quota
   * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
   */
  readonly quota?: Readonly<Record<string, string>> | undefined;
}

/**
 * A namespace inside or outside the mesh, named after the component. Its resources depend on the component's
 * `dependsOn`. Resources that depend on the component also wait for its policies.
 */
export class MeshNamespace extends pulumi.ComponentResource {
  /** The name, available once the namespace exists. */
  readonly namespaceName: pulumi.Output<string>;
  readonly mesh: pulumi.Output<MeshRevision | "outside">;
  /** Whether requests require an AuthorizationPolicy that allows them. */
  readonly defaultDeny: boolean;

  constructor(name: string, args: MeshNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mesh, defaultDeny = false, sidecarScope, annotations, quota } = args;
    const podSecurity = args.podSecurity ?? (mesh === "outside" ? "restricted" : "privileged");
    super("aks-istio:index:MeshNamespace", name, { mesh, podSecurity }, opts);
    const children = { parent: this };

    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name,
          ...(annotations !== undefined && { annotations: { ...annotations } }),
          labels: {
            ...args.labels,
            ...(mesh === "outside" ? { [MESH_DECISION_LABEL]: mesh } : { [REVISION_LABEL]: mesh }),
            "pod-security.kubernetes.io/enforce": podSecurity,
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      { ...children, dependsOn: opts?.dependsOn ?? [] },
    );
    this.namespaceName = valueAfter(namespace, name);
    if (quota !== undefined) {
      new k8s.core.v1.ResourceQuota(
        `${name}-quota`,
        {
          metadata: { name: "quota", namespace: this.namespaceName },
          spec: { hard: { ...quota } },
        },
        children,
      );
    }
    if (defaultDeny) {
      new k8s.apiextensions.CustomResource(
        `${name}-default-deny`,
        {
          apiVersion: "security.istio.io/v1",
          kind: "AuthorizationPolicy",
          metadata: { name: "default-deny", namespace: this.namespaceName },
          // A policy without rules allows nothing.
          spec: {},
        },
        children,
      );
    }
    if (sidecarScope !== undefined) {
      const known = [CONTROL_PLANE_NAMESPACE, ...sidecarScope].sort();
      new k8s.apiextensions.CustomResource(
        `${name}-sidecar-scope`,
        {
          apiVersion: "networking.istio.io/v1",
          kind: "Sidecar",
          metadata: { name: "default", namespace: this.namespaceName },
          spec: { egress: [{ hosts: ["./*", ...known.map((other) => `${other}/*`)] }] },
        },
        children,
      );
    }
    this.mesh = pulumi.output(mesh);
    this.defaultDeny = defaultDeny;
    this.registerOutputs({ namespaceName: this.namespaceName, mesh });
  }
}
