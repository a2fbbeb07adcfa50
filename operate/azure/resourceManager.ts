import type { Azure } from "./azure.ts";

/** The client of Resource Manager itself. */
export async function resourceManager({ credential, subscriptionId, options }: Azure) {
  const { ResourceManagementClient } = await import("@azure/arm-resources");
  return new ResourceManagementClient(credential, subscriptionId, options);
}
