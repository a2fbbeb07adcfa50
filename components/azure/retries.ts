import * as pulumi from "@pulumi/pulumi";

/** Between two attempts. */
const PAUSE = 15_000;
/** From the first failure on. Role assignments take up to ten minutes to reach everything that asks about them. */
const PATIENCE = 10 * 60_000;

type Passes = (error: string, type: string) => boolean;

/** What AKS says of a role that was assigned a moment ago. It checks before it makes anything, so asking again is safe. */
const roleIsNew: Passes = (error) =>
  /\bCustom\w+MissingPermissionError\b|\bCheck access result not allowed for action\b/.test(error);

/** What the API server says while AKS is still installing: a namespace, a kind, or a webhook that nobody answers. */
const UNFINISHED = [
  /\bnamespaces "[^"]+" not found/,
  // The Gateway API is the exception: its kinds come only when somebody asks for them.
  /\bno matches for kind "[^"]+" in version "(?!gateway\.networking\.k8s\.io\/)/,
  /\bfailed calling webhook\b/,
];

const addOnIsUnfinished: Passes = (error, type) =>
  UNFINISHED.some((message) => message.test(error)) ||
  // Server-side apply takes the patch of an object that is not there for a new object, with most of it missing.
  (type.endsWith("Patch") && /\bRequired value\b/.test(error));

/**
 * Asks AKS again while the roles of the cluster's identities have not reached it: Azure reports an assignment as made
 * before every service knows of it.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 * @see https://github.com/Azure/azure-service-operator/pull/3286
 */
export function untilRolesArrive(name: string): pulumi.ResourceHookBinding {
  return retryWhile(`roles of ${name}`, roleIsNew);
}

/**
 * Asks the API server again while what AKS installs by itself is not there: a cluster or a gateway counts as ready
 * before its namespaces, definitions, Services and autoscalers exist. The provider alone waits about a minute, and not
 * for the target of a patch.
 *
 * @param name has to be unique among the components that wait.
 */
export function untilAddOnsArrive(name: string): pulumi.ResourceHookBinding {
  return retryWhile(`add-ons of ${name}`, addOnIsUnfinished);
}

/**
 * Repeats an operation for ten minutes while its error is one that time mends; every other error ends it at once.
 * Takes Pulumi CLI 3.244, the first that shows all errors to a hook.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 */
function retryWhile(name: string, passes: Passes): pulumi.ResourceHookBinding {
  // A preview makes nothing, and waits for nothing.
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
