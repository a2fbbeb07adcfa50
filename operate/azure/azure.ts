import type { TokenCredential } from "@azure/identity";
import { AccessError } from "../accessError.ts";
import { cloudOf } from "./cloud.ts";
import type { Cloud, CloudChoice } from "./cloud.ts";
import { messageOf } from "./answer.ts";

/** A subscription, and an identity that may ask about it. */
export interface Azure {
  readonly subscriptionId: string;
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly options: ClientOptions;
  /** The object ID of the identity in Entra ID; undefined if its token does not say it. */
  readonly principalId: string | undefined;
}

/** The options of every client; the two generations of the SDK name the scopes differently. */
interface ClientOptions {
  readonly endpoint: string;
  readonly credentialScopes: string;
  readonly credentials: { readonly scopes: string[] };
  /** Clients wait as long as a 429 or 503 asks, and otherwise longer each time. */
  readonly retryOptions: { readonly maxRetries: number };
  readonly tlsOptions?: { readonly ca: string };
}

/** Which subscription a command asks about, and how it signs in. */
export interface AzureChoice extends CloudChoice {
  /** Its ID. @default - the only enabled subscription of the identity */
  readonly subscription?: string | undefined;
  /** The tenant in which to sign in. @default - the identity's own */
  readonly tenant?: string | undefined;
}

const MAX_RETRIES = 5;

/** What a client needs to know of an identity in a cloud. */
export function clientOptions(cloud: Cloud): ClientOptions {
  const scope = `${cloud.audience}/.default`;
  return {
    endpoint: cloud.resourceManager,
    credentialScopes: scope,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: MAX_RETRIES },
  };
}

/**
 * Signs in as the Azure CLI, an environment or a workload identity of a pipeline, or a managed identity.
 *
 * @throws AccessError if nobody is signed in, or no subscription is named and there is not exactly one
 * @see https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains#defaultazurecredential-overview
 */
export async function connect(choice: AzureChoice): Promise<Azure> {
  const cloud = await cloudOf(choice);
  const { DefaultAzureCredential } = await import("@azure/identity");
  const credential = new DefaultAzureCredential({
    authorityHost: cloud.authority,
    ...(choice.tenant === undefined ? {} : { tenantId: choice.tenant }),
  });
  const options = clientOptions(cloud);
  const principalId = objectIdIn(await tokenFor(credential, options.credentialScopes));
  const subscriptionId = choice.subscription ?? (await onlySubscription({ credential, options }));
  return { subscriptionId, cloud, credential, options, principalId };
}

/** @throws AccessError if nobody is signed in */
export async function tokenFor(credential: TokenCredential, scope: string): Promise<string> {
  try {
    const token = await credential.getToken(scope);
    if (token !== null) return token.token;
  } catch (error) {
    throw signInError(error);
  }
  throw signInError(new Error("there is no token"));
}

/** The error of an identity that cannot sign in. */
export function signInError(error: unknown): AccessError {
  const { name, errors = [] } = error as { name: string; errors?: readonly Error[] };
  // The chain tells of every kind of identity that is absent; only one that was refused says something.
  const refused = [...errors, error as Error].find((one) => one.name === "AuthenticationError");
  if (refused === undefined && /^(CredentialUnavailable|AggregateAuthentication)/.test(name)) {
    return new AccessError(
      "Nobody is signed in to Azure. Run az login; in a pipeline, use azure/login, a workload identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
    );
  }
  const [first = ""] = messageOf(refused ?? error).split("\n");
  return new AccessError(
    `Azure does not sign you in: ${first.replace(/\.$/, "")}. Run az login again, or check the identity of the pipeline.`,
  );
}

/**
 * The claim `oid` of an access token. It is not verified: Azure verifies every request.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
function objectIdIn(token: string): string | undefined {
  try {
    const [, payload = ""] = token.split(".");
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const { oid } = claims as { readonly oid?: unknown };
    return typeof oid === "string" ? oid : undefined;
  } catch {
    return undefined;
  }
}

async function onlySubscription({
  credential,
  options,
}: Pick<Azure, "credential" | "options">): Promise<string> {
  const { SubscriptionClient } = await import("@azure/arm-resources-subscriptions");
  const found: { readonly id: string; readonly name: string }[] = [];
  try {
    for await (const { subscriptionId, displayName, state } of new SubscriptionClient(
      credential,
      options,
    ).subscriptions.list()) {
      if (state !== "Enabled" || subscriptionId === undefined) continue;
      found.push({ id: subscriptionId, name: displayName ?? "" });
    }
  } catch (error) {
    throw new AccessError(
      `Your subscriptions cannot be listed: ${messageOf(error)}. Name one with --subscription.`,
    );
  }
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only.id;
  const names = found.map(({ id, name }) => `${id} (${name})`).join(", ");
  throw new AccessError(
    only === undefined
      ? "The identity that is signed in has no enabled subscription. Run az login with another, or ask for a role in one."
      : `The identity that is signed in has ${found.length} subscriptions: ${names}. Name one with --subscription, azure-native:subscriptionId or ARM_SUBSCRIPTION_ID.`,
  );
}
