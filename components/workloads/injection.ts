import type * as pulumi from "@pulumi/pulumi";
import { withSidecarOf } from "./manualInjection.ts";
import type { Manifest, PodTemplate } from "./manualInjection.ts";

/** How the pods of a workload get their sidecars. */
export type Injection =
  /** By the webhook, if the namespace has the label of a revision. @default */
  | { readonly injection?: "automatic" | undefined }
  /** Not at all, also in a namespace of the mesh. */
  | { readonly injection: "none" }
  /** In their template, which then does not follow the namespace's label. */
  | {
      readonly injection: "manual";
      /** What `aks-istio inject` printed of the workload's Deployments. Print it again for each new revision. */
      readonly injected: readonly Manifest[];
    };

/**
 * A pod template with what the injection needs.
 *
 * @param deployment its Deployment's name
 * @param mesh the revision that the namespace follows, or `outside`
 * @throws pulumi.RunError if the manifests lack the Deployment or its sidecar
 */
export function injectedTemplate(
  template: PodTemplate,
  injection: Injection,
  deployment: string,
  mesh: pulumi.Output<string>,
): pulumi.Input<PodTemplate> {
  if (injection.injection === "none") {
    const { labels, ...metadata } = template.metadata;
    return {
      ...template,
      metadata: { ...metadata, labels: { ...labels, "sidecar.istio.io/inject": "false" } },
    };
  }
  if (injection.injection !== "manual") return template;
  const { injected } = injection;
  return mesh.apply((revision) => withSidecarOf(template, injected, deployment, revision));
}
