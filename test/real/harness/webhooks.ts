import type { Cluster, Resource } from "./cluster.ts";
import { waitFor } from "./waitFor.ts";

interface Webhook {
  readonly clientConfig: {
    readonly service?: { readonly path?: string };
    readonly url?: string;
    readonly caBundle?: string;
  };
}

export interface WebhookConfiguration extends Resource {
  readonly webhooks: readonly Webhook[];
}

/** Resolves once istiod has put its certificate into its webhooks. Before that, the API server cannot call them. */
export async function certificateInWebhooks(
  cluster: Cluster,
  { apiVersion, kind, metadata: { name } }: Resource,
): Promise<void> {
  await waitFor(`a certificate in the webhooks of ${name}`, async () => {
    const now = await cluster.find<WebhookConfiguration>(apiVersion, kind, name);
    return (now?.webhooks ?? []).every(({ clientConfig }) => clientConfig.caBundle !== undefined);
  });
}
