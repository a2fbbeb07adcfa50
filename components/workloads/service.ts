import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Selector } from "./labels.ts";

export interface ServiceArgs {
  readonly metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly selector: Selector;
  readonly ports: Readonly<Record<string, number>>;
}

/** The Service of some pods, and a disruption budget that keeps one of them. */
export function createService(
  name: string,
  { metadata, selector, ports }: ServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    { metadata, spec: { minAvailable: 1, selector: { matchLabels: { ...selector } } } },
    opts,
  );
  return new k8s.core.v1.Service(
    name,
    {
      metadata,
      spec: {
        selector: { ...selector },
        // Istio derives the protocol from the port name.
        ports: Object.entries(ports).map(([port, number]) => ({
          name: port,
          port: number,
          targetPort: port,
        })),
      },
    },
    opts,
  );
}
