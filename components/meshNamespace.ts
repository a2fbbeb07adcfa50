import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { REVISION_LABEL } from "../mesh/names.ts";
import type { MeshRevision } from "../mesh/revision.ts";

/** Levels of the Kubernetes pod security standards, the most open first. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface MeshNamespaceArgs {
  /** The revision whose sidecars the namespace's pods get, or that the namespace is left out of the mesh. */
  readonly mesh: MeshRevision | "outside";
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
}

/** Label of a namespace that was left out of the mesh on purpose, as opposed to forgotten. */
const MESH_LABEL = "aks-istio/mesh";

/** A namespace that has joined the mesh, or was left out of it. Its name is the name of the component. */
export class MeshNamespace extends pulumi.ComponentResource {
  /** The name, once the namespace is there. */
  readonly namespaceName: pulumi.Output<string>;
  readonly mesh: MeshRevision | "outside";

  constructor(name: string, args: MeshNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mesh } = args;
    const podSecurity = args.podSecurity ?? (mesh === "outside" ? "restricted" : "privileged");
    super("aks-istio:index:MeshNamespace", name, { mesh, podSecurity }, opts);

    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name,
          labels: {
            ...(mesh === "outside" ? { [MESH_LABEL]: mesh } : { [REVISION_LABEL]: mesh }),
            "pod-security.kubernetes.io/enforce": podSecurity,
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      { parent: this },
    );
    this.namespaceName = namespace.metadata.name;
    this.mesh = mesh;
    this.registerOutputs({ namespaceName: this.namespaceName, mesh });
  }
}
