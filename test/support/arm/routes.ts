import { PRINCIPAL, SUBSCRIPTION } from "./world.ts";
import type { World } from "./world.ts";

/** A refusal of Resource Manager. @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Answers requests whose path matches; a list is returned in pages. */
interface Route {
  readonly method?: "POST" | "PUT";
  readonly path: RegExp;
  readonly answer: (world: World, parts: readonly string[], request: Asked) => unknown;
}

interface Asked {
  readonly url: URL;
  readonly body: unknown;
}

/** @throws ArmError */
export function answerTo(world: World, method: string, url: URL, body: unknown): unknown {
  const { pathname } = url;
  for (const route of ROUTES) {
    if ((route.method ?? "GET") !== method) continue;
    const match = route.path.exec(pathname);
    if (match === null) continue;
    return route.answer(world, match.slice(1).map(decodeURIComponent), { url, body });
  }
  throw new ArmError(
    404,
    "InvalidResourceType",
    `The stand-in does not know ${method} ${pathname}.`,
  );
}

const AKS = "/providers/Microsoft\\.ContainerService";

const ROUTES: readonly Route[] = [
  // https://learn.microsoft.com/rest/api/resources/subscriptions/list
  { path: /^\/subscriptions$/i, answer: ({ subscriptions }) => subscriptions },
  // https://learn.microsoft.com/rest/api/resources/subscriptions/get
  {
    path: /^\/subscriptions\/([^/]+)$/i,
    answer: ({ subscriptions }, [id]) =>
      found(
        subscriptions.find(({ subscriptionId }) => subscriptionId === id),
        "SubscriptionNotFound",
        `The subscription '${id ?? ""}' could not be found.`,
      ),
  },
  // https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-scope
  {
    path: /^(.*)\/providers\/Microsoft\.Authorization\/roleAssignments$/i,
    answer: ({ roles }, _, { url }) =>
      url.searchParams.get("$filter") === `assignedTo('${PRINCIPAL}')`
        ? roles.map(({ scope, condition }, index) => ({
            id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${index}`,
            properties: {
              scope,
              principalId: PRINCIPAL,
              roleDefinitionId: definitionId(index),
              condition,
            },
          }))
        : [],
  },
  // https://learn.microsoft.com/rest/api/authorization/role-definitions/get-by-id
  {
    path: /^.*\/providers\/Microsoft\.Authorization\/roleDefinitions\/(\d+)$/i,
    answer: ({ roles }, [index]) => {
      const { roleName, actions, notActions } = found(
        roles[Number(index)],
        "RoleDefinitionDoesNotExist",
        "",
      );
      return {
        id: definitionId(Number(index)),
        properties: { roleName, permissions: [{ actions, notActions }] },
      };
    },
  },
  // https://learn.microsoft.com/rest/api/resources/providers/register
  {
    method: "POST",
    path: /^\/subscriptions\/[^/]+\/providers\/([^/]+)\/register$/i,
    answer: ({ providers }, [namespace = ""]) => {
      const provider = found(providers[namespace], "InvalidResourceNamespace", namespace);
      if (provider.registrationState !== "Registered") provider.registrationState = "Registering";
      return { namespace, ...provider };
    },
  },
  // https://learn.microsoft.com/rest/api/resources/providers/get
  {
    path: /^\/subscriptions\/[^/]+\/providers\/([^/]+)$/i,
    answer: ({ providers }, [namespace = ""]) => {
      const provider = found(
        providers[namespace],
        "InvalidResourceNamespace",
        `The resource namespace '${namespace}' is invalid.`,
      );
      const answer = { namespace, ...provider };
      // A registration takes a while: the next answer says that it is done.
      if (provider.registrationState === "Registering") provider.registrationState = "Registered";
      return answer;
    },
  },
  // https://learn.microsoft.com/rest/api/resources/features/features/get and register
  ...(["GET", "POST"] as const).map((method) => ({
    ...(method === "POST" ? { method } : {}),
    path:
      method === "POST"
        ? /^.*\/providers\/Microsoft\.Features\/providers\/([^/]+)\/features\/([^/]+)\/register$/i
        : /^.*\/providers\/Microsoft\.Features\/providers\/([^/]+)\/features\/([^/]+)$/i,
    answer: ({ features }: World, [namespace = "", name = ""]: readonly string[]) => {
      const key = `${namespace}/${name}`;
      const state = found(
        features[key],
        "FeatureNotFound",
        `The feature '${name}' could not be found.`,
      );
      if (method === "POST" && state !== "Registered") features[key] = "Registering";
      else if (state === "Registering") features[key] = "Registered";
      return { name: key, properties: { state: method === "POST" ? features[key] : state } };
    },
  })),
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/get-mesh-revision-profile
  {
    path: new RegExp(`${AKS}/locations/([^/]+)/meshRevisionProfiles/istio$`, "i"),
    answer: ({ revisions }, [location = ""]) => ({
      id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/${location}/meshRevisionProfiles/istio`,
      name: "istio",
      type: "Microsoft.ContainerService/locations/meshRevisionProfiles",
      properties: { meshRevisions: revisions },
    }),
  },
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions
  {
    path: new RegExp(`${AKS}/locations/([^/]+)/kubernetesVersions$`, "i"),
    answer: ({ kubernetes }) => ({ values: kubernetes }),
  },
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/get-mesh-upgrade-profile
  {
    path: new RegExp(`${AKS}/managedClusters/([^/]+)/meshUpgradeProfiles/istio$`, "i"),
    answer: ({ meshUpgrades }, [name = ""]) => {
      const properties = found(
        meshUpgrades[name],
        "NotFound",
        `The mesh of ${name} was not found.`,
      );
      return { name: "istio", properties };
    },
  },
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/list
  {
    path: new RegExp(`^/subscriptions/[^/]+${AKS}/managedClusters$`, "i"),
    answer: ({ clusters }) => clusters,
  },
  // https://learn.microsoft.com/rest/api/aks/managed-clusters/get
  {
    path: new RegExp(`${AKS}/managedClusters/([^/]+)$`, "i"),
    answer: ({ clusters }, [name = ""], { url }) =>
      found(
        clusters.find(
          ({ id }) => id.toLowerCase() === decodeURIComponent(url.pathname).toLowerCase(),
        ),
        "ResourceNotFound",
        `The Resource 'Microsoft.ContainerService/managedClusters/${name}' was not found.`,
      ),
  },
  // https://learn.microsoft.com/rest/api/compute/resource-skus/list
  {
    path: /\/providers\/Microsoft\.Compute\/skus$/i,
    answer: ({ skus }, _, { url }) => {
      const [, location = ""] =
        /^location eq '(.*)'$/.exec(url.searchParams.get("$filter") ?? "") ?? [];
      return skus.filter(({ locationInfo }) =>
        locationInfo.some((info) => info.location === location),
      );
    },
  },
  // https://learn.microsoft.com/rest/api/compute/usage/list
  {
    path: /\/providers\/Microsoft\.Compute\/locations\/[^/]+\/usages$/i,
    answer: ({ usages }) => usages,
  },
  // https://learn.microsoft.com/rest/api/resources/resource-groups/get
  {
    path: /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/i,
    answer: ({ groups }, [name = ""]) => ({
      name,
      location: found(
        groups[name],
        "ResourceGroupNotFound",
        `Resource group '${name}' could not be found.`,
      ),
      properties: { provisioningState: "Succeeded" },
    }),
  },
  // https://learn.microsoft.com/graph/api/group-get
  {
    path: /^\/graph\/v1\.0\/groups\/([^/]+)$/i,
    answer: ({ directory }, [id]) =>
      found(
        directory.find((group) => group.id === id),
        "Request_ResourceNotFound",
        `Resource '${id ?? ""}' does not exist or one of its queried reference-property objects are not present.`,
      ),
  },
  // https://learn.microsoft.com/graph/api/group-list
  {
    path: /^\/graph\/v1\.0\/groups$/i,
    answer: ({ directory }, _, { url }) => {
      const [, name = ""] =
        /^displayName eq '(.*)'$/.exec(url.searchParams.get("$filter") ?? "") ?? [];
      return directory.filter(({ displayName }) => displayName === name.replaceAll("''", "'"));
    },
  },
  // https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups
  {
    method: "POST",
    path: /^\/graph\/v1\.0\/directoryObjects\/([^/]+)\/checkMemberGroups$/i,
    answer: ({ directory }, [member = ""], { body }) => {
      const { groupIds } = body as { readonly groupIds: readonly string[] };
      return directory
        .filter(({ id, members }) => groupIds.includes(id) && members.includes(member))
        .map(({ id }) => id);
    },
  },
  // Any other resource: https://learn.microsoft.com/rest/api/resources/resources/get-by-id
  {
    path: /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/.+)$/i,
    answer: ({ resources }, [id = ""]) =>
      found(resources[id], "ResourceNotFound", `The Resource '${id}' was not found.`),
  },
];

function definitionId(index: number): string {
  return `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${index}`;
}

function found<T>(value: T | undefined, code: string, message: string): T {
  if (value === undefined) throw new ArmError(404, code, message);
  return value;
}
