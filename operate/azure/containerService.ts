import type { Azure } from "./azure.ts";

/** The client of AKS. It is loaded here, because it takes a third of a second. */
export async function containerService({ credential, subscriptionId, options }: Azure) {
  const { ContainerServiceClient } = await import("@azure/arm-containerservice");
  return new ContainerServiceClient(credential, subscriptionId, options);
}
