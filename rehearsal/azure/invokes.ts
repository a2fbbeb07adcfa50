import { stringify } from "yaml";
import type { Properties } from "../../offline/plan/values.ts";
import { textAt } from "./access.ts";
import { CALLER } from "./accounts.ts";
import type { Cloud } from "./cloud.ts";
import { lastOf } from "./identifiers.ts";
import { isOfKind } from "./kinds.ts";
import { Refused } from "./refused.ts";

/** The API server of a simulated AKS cluster, as `cluster` in a kubeconfig. */
export interface ClusterAccess {
  readonly server: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
}

/** The result of a provider function. @throws Error if the function is unknown. */
export function invoke(
  token: string,
  args: Properties,
  { cloud, access }: { readonly cloud: Cloud; readonly access: ClusterAccess },
): Properties {
  const [module, name] = [token.split(":")[1]?.split("/")[0] ?? "", token.split(":")[2] ?? ""];
  switch (`${module}:${name}`) {
    case "authorization:getClientConfig":
      return { ...CALLER };
    case "authorization:getClientToken":
      return { token: "none" };
    case "containerservice:listManagedClusterUserCredentials":
    case "containerservice:listManagedClusterAdminCredentials": {
      const cluster = cloud.all.find(
        ({ type, id }) =>
          isOfKind(type, "containerservice:ManagedCluster") && lastOf(id) === args["resourceName"],
      );
      if (cluster === undefined) throw notFound("managedClusters", textAt(args, "resourceName"));
      const text = kubeconfig(lastOf(cluster.id), access);
      return {
        kubeconfigs: [{ name: "clusterUser", value: Buffer.from(text).toString("base64") }],
      };
    }
    default:
      return found(name, args, cloud);
  }
}

/** `getX` of a created resource, found by the last part of its ID: its outputs. */
function found(name: string, args: Properties, cloud: Cloud): Properties {
  const wanted = name.replace(/^get/, "");
  const names = Object.values(args);
  const resource = cloud.all.find(
    ({ type, id }) => type.endsWith(`:${wanted}`) && names.includes(lastOf(id)),
  );
  if (resource === undefined) throw notFound(wanted, JSON.stringify(args));
  return resource.outputs;
}

function notFound(kind: string, name: string): Refused {
  return new Refused(
    404,
    "ResourceNotFound",
    `The Resource '${kind}/${name}' under resource group was not found.`,
  );
}

/** As AKS returns it with `format=exec` for a cluster with Entra ID. */
function kubeconfig(name: string, access: ClusterAccess): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: access }],
    contexts: [{ name, context: { cluster: name, user: `clusterUser_${name}` } }],
    users: [
      {
        name: `clusterUser_${name}`,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            // The applications of AKS's API servers and of its command line, the same for every cluster.
            args: [
              ...["get-token", "--environment", "AzurePublicCloud"],
              ...["--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
              ...["--client-id", "80faf920-1908-4b52-b5ef-a8e7bedfc67a"],
              ...["--tenant-id", CALLER.tenantId, "--login", "devicecode"],
            ],
            env: null,
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
}
