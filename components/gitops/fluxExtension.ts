/** Controllers of Flux that always run. */
const ALWAYS = ["source-controller", "kustomize-controller"] as const;

/** Controllers of Flux that can be switched, with the state that the extension gives them. */
const SWITCHED = {
  "helm-controller": true,
  "notification-controller": true,
  "image-automation-controller": false,
  "image-reflector-controller": false,
} as const;

type FluxController = (typeof ALWAYS)[number] | keyof typeof SWITCHED;

interface FluxControllerArgs {
  /** @default - helm-controller and notification-controller run, those for images do not */
  readonly enabled?: boolean | undefined;
  /** Limits of the pod, as Kubernetes quantities. @default - those of the extension */
  readonly limits?: { readonly cpu?: string | undefined; readonly memory?: string | undefined };
  /** How many objects it reconciles at a time. @default - the number of the extension */
  readonly concurrent?: number | undefined;
}

/** The extension that runs Flux for all configurations of a cluster. */
export interface FluxExtensionArgs {
  /**
   * Whether configurations may use only objects of Flux and service accounts of their own namespace.
   *
   * @default true
   * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2#multi-tenancy
   */
  readonly multiTenancy?: boolean | undefined;
  /** Whether helm-controller corrects what others have changed in a release. @default false */
  readonly detectDrift?: boolean | undefined;
  /**
   * Whether the controllers have a managed identity of their own.
   *
   * @default false
   * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2#workload-identity-in-aks-clusters
   */
  readonly workloadIdentity?: boolean | undefined;
  readonly controllers?: Readonly<Partial<Record<FluxController, FluxControllerArgs>>> | undefined;
}

/** Whether a controller runs. */
function runs(controller: keyof typeof SWITCHED, { controllers }: FluxExtensionArgs): boolean {
  return controllers?.[controller]?.enabled ?? SWITCHED[controller];
}

/** The controllers that Microsoft federates with a managed identity. */
export function federatedControllers(extension: FluxExtensionArgs): readonly FluxController[] {
  const reflector = "image-reflector-controller";
  return [...ALWAYS, ...(runs(reflector, extension) ? ([reflector] as const) : [])];
}

/**
 * The settings of the extension. Switches are always sent: removed ones could keep their last value.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2
 */
export function extensionSettings(extension: FluxExtensionArgs): Readonly<Record<string, string>> {
  const { multiTenancy = true, detectDrift = false, controllers = {} } = extension;
  const switches = {
    "multiTenancy.enforce": multiTenancy,
    // Fails on an undefined variable, which would otherwise become an empty label.
    "kustomize-controller.strict-substitution-mode": true,
    "helm-controller.detectDrift": detectDrift,
    ...Object.fromEntries(
      (["helm", "notification", "image-automation", "image-reflector"] as const).map((name) => [
        `${name}-controller.enabled`,
        runs(`${name}-controller`, extension),
      ]),
    ),
  };
  const tuning = Object.entries(controllers).flatMap(([name, { limits, concurrent }]) => [
    [`${name}.resources.limits.cpu`, limits?.cpu] as const,
    [`${name}.resources.limits.memory`, limits?.memory] as const,
    [`${name}.concurrent`, concurrent] as const,
  ]);
  return Object.fromEntries(
    [...Object.entries(switches), ...tuning].flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}
