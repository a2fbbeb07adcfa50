import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CONTROL_PLANE_NAMESPACE, MESH_DECISION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { valueAfter } from "../azure/valueAfter.ts";

/** Levels of the Kubernetes pod security standards, the most open first. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface MeshNamespaceArgs {
  /** The revision whose sidecars the namespace's pods get, or that the namespace is left out of the mesh. */
  readonly mesh: pulumi.Input<MeshRevision> | "outside";
  /**
   * The pod security standard that pods must meet to run. Whatever it is, pods that do not meet `restricted` are
   * warned about and audited.
   *
   * @default - `restricted` outside the mesh. In the mesh `privileged`, because whether a stricter level refuses the
   * sidecar does not show in the revision: a mesh that was first installed before `asm-1-30` goes on redirecting
   * traffic with a privileged init container, and one that was installed since does not.
   * @see https://learn.microsoft.com/azure/aks/istio-cni
   */
  readonly podSecurity?: PodSecurityLevel | undefined;
  /**
   * Whether its sidecars refuse every request that no AuthorizationPolicy allows. Nothing heeds it outside the mesh.
   *
   * @default false
   * @see https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy
   */
  readonly defaultDeny?: boolean | undefined;
  /**
   * The namespaces whose services its sidecars know, beside its own and the control plane's. To a service that they do
   * not know they speak as to one outside the mesh: without mutual TLS. Nothing heeds it outside the mesh.
   *
   * @default - All of them, which costs every sidecar memory for services that it never calls.
   * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
   */
  readonly sidecarScope?: readonly string[] | undefined;
  /** Labels beside those of the mesh and of pod security, which stay the component's. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** @default none */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /**
   * What all pods of the namespace may take together, sidecars included, as the `hard` limits of a ResourceQuota, such
   * as `{ "requests.cpu": "8", pods: "50" }`.
   *
   * @default - as much as there is
   * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
   */
  readonly quota?: Readonly<Record<string, string>> | undefined;
}

/**
 * A namespace that has joined the mesh, or was left out of it. Its name is the name of the component. It comes after
 * what the component depends on, and what depends on the component after all that holds in it.
 */
export class MeshNamespace extends pulumi.ComponentResource {
  /** The name, once the namespace is there. */
  readonly namespaceName: pulumi.Output<string>;
  readonly mesh: pulumi.Output<MeshRevision | "outside">;
  /** Whether requests need an AuthorizationPolicy that allows them. */
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
