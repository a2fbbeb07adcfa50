import { AccessError } from "../accessError.ts";
import type { NotRead } from "../notRead.ts";

/** What Azure answers to a question, or why it does not. */
export type Answer<T> = { readonly value: T } | NotRead;

export function isAnswered<T>(answer: Answer<T>): answer is { readonly value: T } {
  return "value" in answer;
}

/**
 * Codes of a status 404 that say that a resource does not exist. Others say that the question is wrong, such as
 * `InvalidResourceType` and `SubscriptionNotFound`.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const ABSENT: readonly string[] = [
  "NotFound",
  "ResourceNotFound",
  "ResourceGroupNotFound",
  "ParentResourceNotFound",
  "InvalidResourceNamespace",
  "FeatureNotFound",
];

/**
 * Asks about something that may not exist.
 *
 * @param what what is read, as words that complete "Azure does not let you read …"
 * @param absent the codes of a status 404 that say that it does not exist
 * @returns undefined as the value if it does not exist
 * @throws AccessError if Azure cannot be reached, or refuses the identity
 */
export async function askFor<T>(
  what: string,
  question: () => Promise<T>,
  absent: readonly string[] = ABSENT,
): Promise<Answer<T | undefined>> {
  try {
    return { value: await question() };
  } catch (error) {
    const { status, code } = refusalOf(error, what);
    if (status === 404 && absent.includes(code)) return { value: undefined };
    return notRead(error, what);
  }
}

/**
 * Asks about something that always exists, such as what a region offers.
 *
 * @param what what is read, as words that complete "Azure does not let you read …"
 * @throws AccessError if Azure cannot be reached, or refuses the identity
 */
export async function ask<T>(what: string, question: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    return notRead(error, what);
  }
}

/** All items of a list with pages. */
export async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

function notRead(error: unknown, what: string): NotRead {
  const { status, code, message, namespace } = refusalOf(error, what);
  if (status === 403) {
    const [, action] = /perform action '([^']+)'/.exec(message) ?? [];
    // Few things are asked that are no reads: their words complete "Azure does not allow …", too.
    return action === undefined || action.endsWith("/read")
      ? {
          reason: `Azure does not let you read ${what}.`,
          fix: `Ask for a role with the right ${action === undefined ? `to read ${what}` : `for ${action}`}, such as Reader.`,
        }
      : {
          reason: `Azure does not allow ${what}.`,
          fix: `Ask for a role with the right for ${action}.`,
        };
  }
  if (code === "MissingSubscriptionRegistration") {
    return {
      reason: `Azure cannot read ${what}: the resource provider ${namespace} is not registered.`,
      fix: `Run az provider register --namespace ${namespace}.`,
    };
  }
  return {
    reason: `Azure could not read ${what}: ${message}.`,
    fix: status === 429 ? "Azure is throttling requests. Try again later." : "Try again.",
  };
}

interface AzureRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The resource provider that was asked. */
  readonly namespace: string;
}

/**
 * The refusal in an error of the SDK.
 *
 * @throws AccessError for an error without a response, and one about the identity
 * @throws the error itself if it is not one of the SDK's
 */
function refusalOf(error: unknown, what: string): AzureRefusal {
  if (error instanceof AccessError) throw error;
  const { name, statusCode, code = "", request } = error as SdkError;
  if (/^(CredentialUnavailable|Authentication|AggregateAuthentication)/.test(name ?? "")) {
    throw new AccessError(
      `Azure does not sign you in any more, so ${what} could not be read. Run az login again.`,
    );
  }
  if (name !== "RestError") throw error;
  if (statusCode === undefined) {
    throw new AccessError(
      `Azure cannot be reached, so ${what} could not be read: ${messageOf(error)}. Check the network and its proxy.`,
    );
  }
  if (statusCode === 401) {
    throw new AccessError(
      `Azure refuses the credentials, so ${what} could not be read: ${messageOf(error)}. Run az login again, in the tenant of the subscription.`,
    );
  }
  const path = new URL(request?.url ?? "https://localhost").pathname;
  const namespace = /.*\/providers\/([^/]+)/i.exec(path)?.[1] ?? "Microsoft.Resources";
  return { status: statusCode, code, message: messageOf(error), namespace };
}

/** What errors of both generations of the SDK have in common. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly code?: string;
  readonly request?: { readonly url?: string };
}

/** The first line of a message, without its period. */
export function messageOf(error: unknown): string {
  const { message = String(error), code = "" } = error as SdkError;
  // The newer SDK hides Azure's words about a list.
  const said = message.startsWith("Pagination failed") ? code : message;
  return (said.split("\n")[0] ?? "").replace(/\.$/, "");
}
