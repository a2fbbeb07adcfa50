import { isIPv4 } from "node:net";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { schemaProblems } from "../../offline/project/schemaProblems.ts";
import { readYaml } from "../../offline/project/yamlFile.ts";
import type { ClusterAccess } from "../../rehearsal/azure/invokes.ts";
import type { ClientCredential } from "../../rehearsal/kubelogin.ts";

/** The user's cluster, with the credential of the kubeconfig's current context. */
export interface OwnCluster {
  readonly context: string;
  readonly access: ClusterAccess;
  readonly credential: ClientCredential;
}

const text = z.string().optional();

const Kubeconfig = z.looseObject({
  "current-context": z.string().min(1, "must name a context"),
  contexts: z.array(
    z.looseObject({
      name: z.string(),
      context: z.looseObject({ cluster: z.string(), user: z.string() }),
    }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z
          .url({ protocol: /^https?$/, error: "must be a URL", abort: true })
          .refine(isPlain, "must be a URL without credentials and without a query"),
        "certificate-authority": text,
        "certificate-authority-data": text,
        "insecure-skip-tls-verify": z.boolean().optional(),
        "tls-server-name": text,
        "proxy-url": text,
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        token: text,
        "client-certificate": text,
        "client-certificate-data": text,
        "client-key": text,
        "client-key-data": text,
      }),
    }),
  ),
});

/** The domains of the API servers of AKS, in Azure's public and sovereign clouds. */
const AKS = /\.(azmk8s\.io|azk8s\.cn|containerservice\.azure\.us)\.?$/i;

/**
 * Reads the cluster and the credential of the current context. No message quotes a credential.
 *
 * @throws UsageError if the file is not a kubeconfig, if its cluster is an AKS cluster, or if its user logs in with a
 * credential plugin
 */
export function ownCluster(file: string): OwnCluster {
  const parsed = Kubeconfig.safeParse(readYaml(file) ?? {});
  if (!parsed.success) throw new UsageError(schemaProblems(file, parsed.error).join("\n"));
  const config = parsed.data;
  const context = config["current-context"];
  const entry = <Entry extends { readonly name: string }>(
    list: string,
    entries: readonly Entry[],
    name: string,
  ): Entry => {
    const found = entries.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`${file}: ${list} has no entry ${JSON.stringify(name)}.`);
  };
  const chosen = entry("contexts", config.contexts, context).context;
  const { cluster } = entry("clusters", config.clusters, chosen.cluster);
  const { user } = entry("users", config.users, chosen.user);
  // A tunnel to an AKS cluster has a different address, but the certificate has the cluster's name.
  const host = [new URL(cluster.server).hostname, cluster["tls-server-name"] ?? ""].find((name) =>
    AKS.test(name),
  );
  if (host !== undefined) {
    throw new UsageError(
      `${file}: the current context ${context} is an AKS cluster (${host}). A rehearsal does not deploy to Azure. Use a disposable cluster, such as a kind cluster.`,
    );
  }
  const contentOf = (path: string): Buffer => {
    try {
      return readFileSync(resolve(dirname(file), path));
    } catch (error) {
      throw new UsageError(`${file}: ${path} cannot be read: ${messageOf(error)}`);
    }
  };
  const pem = (data: string | undefined, path: string | undefined) =>
    data === undefined
      ? path && contentOf(path).toString("utf8")
      : Buffer.from(data, "base64").toString("utf8");
  const { "certificate-authority": authority, ...rest } = cluster;
  const credential = defined({
    // Kubernetes ignores an empty token.
    token: user.token === "" ? undefined : user.token,
    clientCertificateData: pem(user["client-certificate-data"], user["client-certificate"]),
    clientKeyData: pem(user["client-key-data"], user["client-key"]),
  });
  const { token, clientCertificateData, clientKeyData } = credential;
  if (token === undefined && (clientCertificateData === undefined || clientKeyData === undefined)) {
    throw new UsageError(
      `${file}: the user ${chosen.user} has neither a token nor a client certificate with its key. A rehearsal does not run credential plugins.`,
    );
  }
  return {
    context,
    access: {
      ...defined({
        ...rest,
        "certificate-authority-data":
          rest["certificate-authority-data"] ??
          (authority === undefined ? undefined : contentOf(authority).toString("base64")),
      }),
      server: cluster.server,
    },
    credential,
  };
}

/** Whether messages can show a URL. */
function isPlain(server: string): boolean {
  const { username, password, search } = new URL(server);
  return `${username}${password}${search}` === "";
}

/** Whether an API server is on this machine. Behind a proxy, it may be anywhere. */
export function isOnThisMachine({ server, "proxy-url": proxy }: ClusterAccess): boolean {
  const { hostname } = new URL(server);
  return (
    proxy === undefined &&
    (hostname === "localhost" ||
      hostname === "[::1]" ||
      (isIPv4(hostname) && hostname.startsWith("127.")))
  );
}

type Defined<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

function defined<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<Values>;
}
