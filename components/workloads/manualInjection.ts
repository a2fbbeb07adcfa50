import * as pulumi from "@pulumi/pulumi";

/** A pod template whose parts a manifest can be compared with. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, pulumi.Input<string>>>;
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  };
  readonly spec: {
    readonly containers: readonly Named[];
    readonly volumes?: readonly Named[];
    readonly [key: string]: unknown;
  };
}

interface Named {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** A Kubernetes object as a manifest has it. */
export interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly template?: Partial<InjectedTemplate> };
}

interface InjectedTemplate {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly containers?: readonly Named[];
    readonly initContainers?: readonly Named[];
    readonly volumes?: readonly Named[];
    readonly [key: string]: unknown;
  };
}

/** The injector lets the sidecar answer these, so that the kubelet needs no certificate. */
const PROBES = ["readinessProbe", "livenessProbe", "startupProbe", "lifecycle"];
const STATUS = "sidecar.istio.io/status";

/**
 * Adds to a pod template what injection added to it in a manifest: containers, volumes, labels, annotations and fields
 * that the template lacks, and the probes that the sidecar answers. Everything else, such as the image, stays the
 * template's.
 *
 * @param injected the manifests that `aks-istio inject` printed
 * @param deployment the name of the template's Deployment
 * @param mesh the revision that the namespace follows, or `outside`
 * @throws pulumi.RunError if the manifests lack the Deployment or its sidecar, or the sidecar has another revision
 */
export function withSidecarOf(
  template: PodTemplate,
  injected: readonly Manifest[],
  deployment: string,
  mesh: string,
): PodTemplate {
  const manifest = injected.find(
    ({ kind, metadata }) => kind === "Deployment" && metadata?.name === deployment,
  );
  const { metadata = {}, spec = {} } = manifest?.spec?.template ?? {};
  const again = "Run aks-istio inject on the workload's manifest again.";
  const status = metadata.annotations?.[STATUS];
  if (status === undefined) {
    const lacks = manifest === undefined ? "no Deployment" : "no sidecar in the Deployment";
    throw new pulumi.RunError(`The injected manifests have ${lacks} ${deployment}. ${again}`);
  }
  const revision = revisionIn(status);
  if (mesh !== "outside" && revision !== mesh) {
    throw new pulumi.RunError(
      `The sidecar of the Deployment ${deployment} has the revision ${revision}, but its namespace follows ${mesh}. ${again}`,
    );
  }
  const { containers = [], volumes = [], ...fields } = spec;
  return {
    metadata: {
      labels: { ...metadata.labels, ...template.metadata.labels },
      annotations: { ...metadata.annotations, ...template.metadata.annotations },
    },
    spec: {
      ...fields,
      ...template.spec,
      // In the injected order: the sidecar comes first if the application waits for it.
      containers: withNew(template.spec.containers, containers, deployment).map((container) =>
        withProbesOf(container, containers),
      ),
      volumes: [...(template.spec.volumes ?? []), ...without(volumes, template.spec.volumes ?? [])],
    },
  };
}

/** @see https://github.com/istio/istio/blob/release-1.30/pkg/kube/inject/inject.go, SidecarInjectionStatus */
function revisionIn(status: string): string {
  try {
    const { revision } = JSON.parse(status) as { readonly revision?: string };
    return revision ?? "unknown";
  } catch {
    return "unknown";
  }
}

function withNew(
  own: readonly Named[],
  injected: readonly Named[],
  deployment: string,
): readonly Named[] {
  const missing = without(own, injected);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new pulumi.RunError(
      `The injected Deployment ${deployment} has no container ${names}. Run aks-istio inject on the workload's manifest again.`,
    );
  }
  return injected.map((one) => own.find(({ name }) => name === one.name) ?? one);
}

function withProbesOf(container: Named, injected: readonly Named[]): Named {
  const same = injected.find(({ name }) => name === container.name);
  return {
    ...container,
    ...Object.fromEntries(
      PROBES.filter((probe) => same?.[probe] !== undefined).map((probe) => [probe, same?.[probe]]),
    ),
  };
}

function without(these: readonly Named[], those: readonly Named[]): readonly Named[] {
  return these.filter((one) => !those.some(({ name }) => name === one.name));
}
