import type { Command } from "commander";
import type { Config } from "../../offline/project/config.ts";
import { UsageError } from "../../offline/errors.ts";
import type { AzureChoice } from "../../operate/azure/azure.ts";

/** The options of commands that ask Azure. */
export interface AzureFlags {
  readonly subscription?: string;
}

export function addAzureOptions(command: Command): Command {
  return command.option(
    "--subscription <ID>",
    "ID of the Azure subscription (default: azure-native:subscriptionId of the stack, ARM_SUBSCRIPTION_ID, AZURE_SUBSCRIPTION_ID, or the only one of the identity)",
  );
}

/**
 * The subscription, tenant and cloud that `pulumi up` would use.
 *
 * @param config the configuration of the stack, if the command reads one
 * @throws UsageError if the subscription is no ID
 * @see https://www.pulumi.com/registry/packages/azure-native/installation-configuration
 */
export function azureChoiceOf(
  { subscription }: AzureFlags,
  env: NodeJS.ProcessEnv,
  config?: Config,
): AzureChoice {
  const setting = (key: string, ...variables: readonly string[]) =>
    [config?.get(`azure-native:${key}`)?.value, ...variables.map((name) => env[name])].find(
      (value) => value !== undefined && value !== "",
    );
  const id = subscription ?? setting("subscriptionId", ...SUBSCRIPTION_VARIABLES);
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new UsageError(
      `The subscription "${id}" is not an ID. az account list --output table shows the IDs of yours.`,
    );
  }
  return {
    subscription: id,
    tenant: setting("tenantId", "ARM_TENANT_ID"),
    environment: setting("environment", "ARM_ENVIRONMENT"),
    metadataHost: setting("metadataHost", "ARM_METADATA_HOSTNAME"),
  };
}

const SUBSCRIPTION_VARIABLES = ["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"];
