import { AccessError } from "../accessError.ts";

/** The endpoints of a cloud, without a slash at the end. */
export interface Cloud {
  readonly resourceManager: string;
  /** Where identities sign in. */
  readonly authority: string;
  /** The resource for which Resource Manager accepts tokens. */
  readonly audience: string;
  /** Microsoft Graph, also the resource for which it accepts tokens. */
  readonly graph: string;
}

/** Which cloud a command talks to, named as for Pulumi's Azure provider. */
export interface CloudChoice {
  /** `public`, `usgovernment` or `china`. @default public */
  readonly environment?: string | undefined;
  /** Host, with the port if it is not 443, of a Resource Manager that names the endpoints of its cloud. */
  readonly metadataHost?: string | undefined;
}

/**
 * @see https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure#guidance-for-developers
 * @see https://learn.microsoft.com/azure/china/resources-developer-guide#check-endpoints-in-azure
 */
const CLOUDS: Readonly<Record<string, Cloud>> = {
  public: {
    resourceManager: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    audience: "https://management.azure.com",
    graph: "https://graph.microsoft.com",
  },
  usgovernment: {
    resourceManager: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    audience: "https://management.usgovcloudapi.net",
    graph: "https://graph.microsoft.us",
  },
  china: {
    resourceManager: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
    audience: "https://management.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
  },
};

/**
 * The endpoints of a cloud.
 *
 * @throws AccessError if there is no such cloud, or its host does not name them
 */
export async function cloudOf({ environment, metadataHost }: CloudChoice): Promise<Cloud> {
  if (metadataHost !== undefined) return fromHost(metadataHost);
  const name = environment ?? "public";
  const cloud = Object.hasOwn(CLOUDS, name) ? CLOUDS[name] : undefined;
  if (cloud !== undefined) return cloud;
  throw new AccessError(
    `azure-native:environment (or ARM_ENVIRONMENT) is "${name}", which is no cloud. It must be one of: ${Object.keys(CLOUDS).join(", ")}.`,
  );
}

/** @see https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles-azurecli2#connect-to-azure-stack-hub */
async function fromHost(host: string): Promise<Cloud> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  let clouds: unknown;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    clouds = await response.json();
  } catch (error) {
    throw new AccessError(
      `${url}, named by azure-native:metadataHost or ARM_METADATA_HOSTNAME, cannot be read: ${causeOf(error)}. Check the host and the network.`,
    );
  }
  const all = (Array.isArray(clouds) ? clouds : [clouds]) as readonly Endpoints[];
  // A host also lists other clouds; its own is the one whose Resource Manager it is.
  const own = all.find(({ resourceManager }) => hostOf(resourceManager) === host) ?? all[0];
  const { resourceManager, authentication, microsoftGraphResourceId } = own ?? {};
  const audience = authentication?.audiences?.at(-1);
  const authority = authentication?.loginEndpoint;
  if (resourceManager === undefined || authority === undefined || audience === undefined) {
    throw new AccessError(
      `${url} names no resourceManager with its authentication. Check azure-native:metadataHost, or ARM_METADATA_HOSTNAME.`,
    );
  }
  return {
    resourceManager: bare(resourceManager),
    authority: bare(authority),
    audience: bare(audience),
    graph: bare(microsoftGraphResourceId ?? "https://graph.microsoft.com"),
  };
}

/** What is used of a cloud that a host lists. */
interface Endpoints {
  readonly resourceManager?: string;
  readonly microsoftGraphResourceId?: string;
  readonly authentication?: {
    readonly loginEndpoint?: string;
    readonly audiences?: readonly string[];
  };
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}

function hostOf(url = ""): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** `fetch` hides why it failed in the cause of its error. */
function causeOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: unknown; readonly message: string };
  return cause instanceof Error ? cause.message : message;
}
