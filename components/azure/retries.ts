import * as pulumi from "@pulumi/pulumi";

/** Time between two attempts, in milliseconds. */
const PAUSE = 15_000;
/** Time from the first failure, in milliseconds. Role assignments take up to ten minutes to propagate. */
const PATIENCE = 10 * 60_000;

type Passes = (error: string, type: string) => boolean;

/**
 * Errors from AKS about a role that was just assigned. AKS checks roles before it creates anything, so a retry is safe.
 */
const roleIsNew: Passes = (error) =>
  /\bCustom\w+MissingPermissionError\b|\bCheck access result not allowed for action\b/.test(error);

/**
 * Errors from the API server while AKS is still installing add-ons: a missing namespace or kind, or an unavailable
 * webhook.
 */
const UNFINISHED = [
  /\bnamespaces "[^"]+" not found/,
  // Except the Gateway API, whose kinds AKS installs only on request.
  /\bno matches for kind "[^"]+" in version "(?!gateway\.networking\.k8s\.io\/)/,
  /\bfailed calling webhook\b/,
];

const addOnIsUnfinished: Passes = (error, type) =>
  UNFINISHED.some((message) => message.test(error)) ||
  // Server-side apply treats a patch of a missing object as a new, incomplete object.
  (type.endsWith("Patch") && /\bRequired value\b/.test(error));

/**
 * Retries while AKS does not see the roles of the cluster's identities yet: Azure reports an assignment as complete
 * before it has propagated.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 * @see https://github.com/Azure/azure-service-operator/pull/3286
 */
export function retryUntilRolesArrive(name: string): pulumi.ResourceHookBinding {
  return retryWhile(`roles of ${name}`, roleIsNew);
}

/**
 * Retries while objects that AKS installs do not exist yet: a cluster or a gateway counts as ready before its
 * namespaces, CRDs, Services and autoscalers exist. The provider itself waits only about a minute, and does not wait
 * for the target of a patch.
 *
 * @param name must be unique among the components that wait
 */
export function retryUntilAddOnsArrive(name: string): pulumi.ResourceHookBinding {
  return retryWhile(`add-ons of ${name}`, addOnIsUnfinished);
}

/**
 * Retries an operation for ten minutes while its error is transient; any other error fails at once. Requires Pulumi CLI
 * 3.244, the first version that passes all errors to a hook.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 */
function retryWhile(name: string, passes: Passes): pulumi.ResourceHookBinding {
  // A preview has nothing to wait for.
  if (pulumi.runtime.isDryRun()) return {};
  const since = new Map<string, number>();
  const hook = new pulumi.ErrorHook(name, async ({ urn, type, errors: [newest = ""] }) => {
    const start = since.get(urn) ?? Date.now();
    since.set(urn, start);
    if (Date.now() - start >= PATIENCE || !passes(newest, type)) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return true;
  });
  return { onError: [hook] };
}
