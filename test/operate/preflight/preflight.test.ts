import { afterEach, beforeEach, expect, test } from "vitest";
import { CHECKS, preflight } from "../../../operate/preflight/preflight.ts";
import type { Wanted } from "../../../operate/preflight/wanted.ts";
import { Arm } from "../../support/arm/arm.ts";
import { ADMIN_GROUP, PRINCIPAL, SUBSCRIPTION, cluster } from "../../support/arm/world.ts";
import { wanted } from "./wanted.ts";

let arm: Arm;

beforeEach(async () => {
  arm = await Arm.start();
});

afterEach(() => arm.stop());

/** What is said, without what passed: the outcome, check and subject, the message, the fix, and the commands. */
async function said(stack: Wanted): Promise<readonly (readonly string[])[]> {
  const observations = await preflight(arm.azure, stack);
  return observations
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ outcome, check, subject, message, fix = "", commands = [] }) => [
      `${outcome} ${check}: ${subject}`,
      message,
      fix,
      ...commands,
    ]);
}

const ID = `/subscriptions/${SUBSCRIPTION}`;
const NETWORKS = `${ID}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks`;

test("a stack that can be deployed passes every check", async () => {
  const observations = await preflight(arm.azure, wanted());
  expect(
    observations.map(({ outcome, check, subject, message }) => [
      `${outcome} ${check}: ${subject}`,
      message,
    ]),
  ).toEqual([
    [`passed subscription: subscription ${SUBSCRIPTION}`, "Shop is enabled."],
    [`passed rights: ${ID}`, "You may create everything there. Your roles there: Owner."],
    [`passed administrators: group ${ADMIN_GROUP}`, "It exists: Platform administrators."],
    [`passed administrators: identity ${PRINCIPAL}`, "You are one of the administrators."],
    ["passed resource-providers: Microsoft.ContainerService", "It is registered."],
    ["passed resource-providers: Microsoft.Dashboard", "It is registered."],
    [
      "passed features: Microsoft.ContainerService/AzureServiceMeshPreview",
      "It needs no registration: the service mesh add-on has been generally available since February 2024.",
    ],
    ["passed region: region westeurope", "It has all 2 kinds of resources."],
    [
      "passed kubernetes-version: Kubernetes 1.35",
      "westeurope offers it with the support plan KubernetesOfficial.",
    ],
    ["passed mesh-revision: asm-1-30", "westeurope offers it, also for Kubernetes 1.35."],
    [
      "passed vm-sizes: Standard_D4ds_v5",
      "westeurope has it in the zones 1, 2, 3, with all that nodes need.",
    ],
    [
      "passed vm-sizes: Standard_D8ds_v5",
      "westeurope has it in the zones 1, 2, 3, with all that nodes need.",
    ],
    [
      "passed quota: Total Regional vCPUs in westeurope",
      "The pools need 100 at their maximum, and 350 of 350 are free.",
    ],
    [
      "passed quota: Standard DDSv5 Family vCPUs in westeurope",
      "The pools need 100 at their maximum, and 140 of 140 are free.",
    ],
    ["passed names: other resources", "Pulumi generates their names, so they are not taken."],
    [
      "passed address-ranges: virtual network",
      "The deployment creates it, so nothing is connected to it yet.",
    ],
    [
      "passed open-service-mesh: cluster",
      "A new cluster has none. If the stack already has one, name it with --cluster.",
    ],
    [
      "passed leftovers: cluster",
      "A new cluster has none. If the stack already has one, name it with --cluster.",
    ],
  ]);
  expect(new Set(observations.map(({ check }) => check))).toEqual(
    new Set(CHECKS.map(({ name }) => name)),
  );
  // Read-only.
  const writes = arm.asked.filter((line) => !line.startsWith("GET "));
  expect(writes).toEqual([`POST /graph/v1.0/directoryObjects/${PRINCIPAL}/checkMemberGroups`]);
});

interface Break {
  readonly name: string;
  readonly wants?: Partial<Wanted>;
  readonly breaks?: () => void;
  readonly says: readonly (readonly string[])[];
}

const RBAC = "Microsoft.Authorization/roleAssignments/write";

const BREAKS: readonly Break[] = [
  {
    name: "the subscription does not exist",
    breaks: () => {
      arm.world.subscriptions = [];
    },
    says: [
      [
        `failed subscription: subscription ${SUBSCRIPTION}`,
        "It does not exist in the tenant in which you are signed in, so nothing else was checked.",
        "Name another with --subscription, or sign in to its tenant.",
        "az account list --output table",
      ],
    ],
  },
  {
    name: "the subscription is disabled",
    breaks: () => {
      arm.world.subscriptions = [
        { subscriptionId: SUBSCRIPTION, displayName: "Shop", state: "Disabled" },
      ];
    },
    says: [
      [
        `failed subscription: subscription ${SUBSCRIPTION}`,
        "Shop is Disabled, which allows no new resources.",
        "Its account owner enables it in the Azure portal.",
      ],
    ],
  },
  {
    name: "the subscription is past due",
    breaks: () => {
      arm.world.subscriptions = [
        { subscriptionId: SUBSCRIPTION, displayName: "Shop", state: "PastDue" },
      ];
    },
    says: [
      [
        `warning subscription: subscription ${SUBSCRIPTION}`,
        "Shop is PastDue, so it will soon be disabled.",
        "Its account owner enables it in the Azure portal.",
      ],
    ],
  },
  {
    name: "a Contributor may not assign roles",
    breaks: () => {
      arm.world.roles = [
        {
          roleName: "Contributor",
          actions: ["*"],
          notActions: ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
          scope: ID,
        },
      ];
    },
    says: [
      [
        `failed rights: ${ID}`,
        `You may not do ${RBAC}. Your roles there: Contributor.`,
        "Ask for Role Based Access Control Administrator there, activate it in Privileged Identity Management if you are eligible, or sign in as the identity that deploys.",
      ],
    ],
  },
  {
    name: "a role on another resource group says nothing of the subscription",
    breaks: () => {
      arm.world.roles = [
        { roleName: "Owner", actions: ["*"], notActions: [], scope: `${ID}/resourceGroups/other` },
      ];
    },
    says: [
      [
        `failed rights: ${ID}`,
        `You may not do Microsoft.ContainerService/managedClusters/write, ${RBAC}, Microsoft.Resources/subscriptions/resourceGroups/write, Microsoft.Dashboard/grafana/write. You have no role there.`,
        "Ask for Contributor and Role Based Access Control Administrator there, activate it in Privileged Identity Management if you are eligible, or sign in as the identity that deploys.",
      ],
    ],
  },
  {
    name: "roles may be assigned only under a condition",
    breaks: () => {
      arm.world.roles = [
        {
          roleName: "Contributor",
          actions: ["*"],
          notActions: ["Microsoft.Authorization/*/Write"],
          scope: "/providers/Microsoft.Management/managementGroups/all",
        },
        {
          roleName: "Role Based Access Control Administrator",
          actions: ["Microsoft.Authorization/roleAssignments/write"],
          notActions: [],
          scope: ID,
          condition: "@Request[...] ForAnyOfAnyValues:GuidEquals {…}",
        },
      ];
    },
    says: [
      [
        `warning rights: ${ID}`,
        `You may do ${RBAC} only under a condition, which this check does not evaluate.`,
        "Check that the condition allows the roles that docs/deploying.md lists.",
      ],
    ],
  },
  {
    name: "the rights may not be read",
    breaks: () => {
      const message = `The client does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/read' over scope '${ID}'.`;
      arm.refuse({ on: /roleAssignments/, status: 403, code: "AuthorizationFailed", message });
    },
    says: [
      [
        `unchecked rights: ${ID}`,
        `Azure does not let you read your role assignments at ${ID}.`,
        "Ask for a role with the right for Microsoft.Authorization/roleAssignments/read, such as Reader.",
      ],
    ],
  },
  {
    name: "the group of administrators does not exist",
    breaks: () => {
      arm.world.directory = [];
    },
    says: [
      [
        `failed administrators: group ${ADMIN_GROUP}`,
        "Entra ID has no such group.",
        "Correct access.adminGroupId; az ad group list shows the IDs.",
      ],
    ],
  },
  {
    name: "the identity is no administrator",
    breaks: () => {
      arm.world.directory[0]?.members.splice(0);
    },
    says: [
      [
        `warning administrators: identity ${PRINCIPAL}`,
        "You are none of the administrators, so a pulumi up of yours cannot create objects in the cluster.",
        "Deploy with an identity that is, or add yours to access.administrators or to the group.",
      ],
    ],
  },
  {
    name: "Entra ID may not be read",
    breaks: () => {
      arm.refuse({ on: /graph/, status: 403, code: "Authorization_RequestDenied", message: "No." });
    },
    says: [
      [
        `unchecked administrators: group ${ADMIN_GROUP}`,
        `Entra ID does not let you read the group ${ADMIN_GROUP} (status 403).`,
        "Ask for the directory role Directory Readers or the permission Group.Read.All, or check it in the Azure portal.",
      ],
    ],
  },
  {
    name: "a group of the new group's name exists",
    wants: { administrators: { groupName: "Platform administrators", members: [PRINCIPAL] } },
    says: [
      [
        "warning administrators: group Platform administrators",
        `It exists already, with the ID ${ADMIN_GROUP}. pulumi up keeps it if this stack created it, and fails otherwise.`,
        "If it is not this stack's, use it as access.adminGroupId, or delete it.",
      ],
    ],
  },
  {
    name: "nothing, if the identity is in a group that is an administrator",
    wants: { administrators: { groupName: "new", members: [ADMIN_GROUP] } },
    says: [],
  },
  {
    name: "a resource provider is not registered",
    breaks: () => {
      provider("Microsoft.Dashboard").registrationState = "NotRegistered";
    },
    says: [
      [
        "failed resource-providers: Microsoft.Dashboard",
        "It is NotRegistered in the subscription, and observability needs it.",
        "Register it, or run preflight with --fix.",
        "az provider register --namespace Microsoft.Dashboard",
      ],
    ],
  },
  {
    name: "a registration is in progress",
    breaks: () => {
      provider("Microsoft.ContainerService").registrationState = "Registering";
    },
    says: [
      [
        "warning resource-providers: Microsoft.ContainerService",
        "Its registration is in progress.",
        "Wait until it is registered.",
        "az provider show --namespace Microsoft.ContainerService --query registrationState",
      ],
    ],
  },
  {
    name: "a resource provider does not exist in the cloud",
    breaks: () => {
      delete arm.world.providers["Microsoft.Dashboard"];
    },
    says: [
      [
        "failed resource-providers: Microsoft.Dashboard",
        "This cloud has no such resource provider, and observability needs it.",
        "Turn off observability.",
      ],
      [
        "unchecked region: Microsoft.Dashboard/grafana",
        "Azure does not say in which regions it exists.",
        "Look for it at https://azure.microsoft.com/explore/global-infrastructure/products-by-region.",
      ],
    ],
  },
  {
    name: "the region lacks a kind of resource",
    breaks: () => {
      provider("Microsoft.Dashboard").resourceTypes = [
        { resourceType: "grafana", locations: ["North Europe", "East US 2"] },
      ];
    },
    says: [
      [
        "failed region: Microsoft.Dashboard/grafana",
        "It does not exist in westeurope, only in: eastus2, northeurope.",
        "Choose another region as azure-native:location, or turn off observability.",
      ],
    ],
  },
  {
    name: "features are not ready",
    wants: {
      features: [
        "Microsoft.Compute/EncryptionAtHost",
        "Microsoft.ContainerService/Slow",
        "Microsoft.ContainerService/Approved",
        "Microsoft.ContainerService/Gone",
        "microsoft.containerservice/azureservicemeshpreview",
      ],
    },
    breaks: () => {
      arm.world.features = {
        "Microsoft.Compute/EncryptionAtHost": "NotRegistered",
        "Microsoft.ContainerService/Slow": "Registering",
        "Microsoft.ContainerService/Approved": "Pending",
      };
    },
    says: [
      [
        "failed features: Microsoft.Compute/EncryptionAtHost",
        "It is NotRegistered in the subscription.",
        "Register it and then its resource provider, or run preflight with --fix.",
        "az feature register --namespace Microsoft.Compute --name EncryptionAtHost",
        "az provider register --namespace Microsoft.Compute",
      ],
      [
        "failed features: Microsoft.ContainerService/Slow",
        "Its registration is in progress, which takes up to an hour.",
        "Wait until it is registered, and then register its resource provider again.",
        "az feature show --namespace Microsoft.ContainerService --name Slow --query properties.state",
        "az provider register --namespace Microsoft.ContainerService",
      ],
      [
        "failed features: Microsoft.ContainerService/Approved",
        "Its registration waits for an approval of Microsoft.",
        "Wait for the approval, or ask for it as the feature's page says.",
      ],
      [
        "failed features: Microsoft.ContainerService/Gone",
        "Azure does not know it: its name is wrong, or its preview has ended.",
        "Correct its name in cluster.previewFeatures, or remove it.",
        "az feature list --namespace Microsoft.ContainerService --output table",
      ],
    ],
  },
  {
    name: "the region does not offer the Kubernetes version",
    wants: { kubernetesVersion: "1.37" },
    says: [
      [
        "failed kubernetes-version: Kubernetes 1.37",
        "westeurope does not offer it.",
        "Choose one of 1.33, 1.34, 1.35, 1.36 as cluster.kubernetesVersion.",
      ],
      [
        "failed mesh-revision: asm-1-30",
        "It does not run on Kubernetes 1.37 under KubernetesOfficial, only on 1.32, 1.33, 1.34, 1.35, 1.36.",
        "Choose one of these versions as cluster.kubernetesVersion.",
      ],
    ],
  },
  {
    name: "the region offers the Kubernetes version only with long-term support",
    breaks: () => {
      const [oldest] = arm.world.kubernetes;
      if (oldest !== undefined) oldest.capabilities.supportPlan = ["AKSLongTermSupport"];
    },
    wants: { kubernetesVersion: "1.33" },
    says: [
      [
        "failed kubernetes-version: Kubernetes 1.33",
        "westeurope offers it only with the support plan AKSLongTermSupport, not with KubernetesOfficial.",
        "Choose one of 1.34, 1.35, 1.36 as cluster.kubernetesVersion, or another cluster.supportPlan.",
      ],
    ],
  },
  {
    name: "the Kubernetes version is a preview",
    breaks: () => {
      const newest = arm.world.kubernetes.at(-1);
      if (newest !== undefined) newest.isPreview = true;
    },
    wants: { kubernetesVersion: "1.36" },
    says: [
      [
        "warning kubernetes-version: Kubernetes 1.36",
        "westeurope offers it only as a preview, without support.",
        "Choose one of 1.33, 1.34, 1.35 as cluster.kubernetesVersion in production.",
      ],
    ],
  },
  {
    name: "the region does not offer the revision",
    wants: { revisions: ["asm-1-27"] },
    says: [
      [
        "failed mesh-revision: asm-1-27",
        "westeurope does not offer it; it offers: asm-1-28, asm-1-29, asm-1-30.",
        "Choose one of these as mesh.revision, or wait until the region has it.",
      ],
    ],
  },
  {
    name: "the revision does not run on the Kubernetes version",
    wants: { kubernetesVersion: "1.36", revisions: ["asm-1-28"] },
    says: [
      [
        "failed mesh-revision: asm-1-28",
        "It does not run on Kubernetes 1.36 under KubernetesOfficial, only on 1.30, 1.31, 1.32, 1.33, 1.34, 1.35.",
        "Choose one of these versions as cluster.kubernetesVersion, or asm-1-29 or asm-1-30 as mesh.revision.",
      ],
    ],
  },
  {
    name: "the revisions of the region cannot be read",
    breaks: () => {
      arm.refuse({
        on: /meshRevisionProfiles/,
        status: 404,
        code: "NotFound",
        message: "Not here.",
      });
    },
    says: [
      [
        "unchecked mesh-revision: asm-1-30",
        "Azure could not read the mesh revisions of westeurope: Not here.",
        "Try again.",
      ],
    ],
  },
  {
    name: "nothing, if revisions are managed elsewhere",
    wants: { revisions: undefined, kubernetesVersion: "1.36" },
    says: [],
  },
  {
    name: "the region does not have a VM size",
    wants: { pools: [{ name: "apps", vmSize: "Standard_E4ds_v5", maxCount: 1 }] },
    says: [
      [
        "failed vm-sizes: Standard_E4ds_v5",
        "westeurope does not have this VM size, which apps would use.",
        "Choose another vmSize, or another region.",
        "az vm list-skus --location westeurope --resource-type virtualMachines --output table",
      ],
    ],
  },
  {
    name: "the subscription may not use a VM size",
    breaks: () => {
      sku("Standard_D8ds_v5").restrictions = [
        {
          type: "Location",
          values: ["westeurope"],
          restrictionInfo: { locations: ["westeurope"] },
          reasonCode: "NotAvailableForSubscription",
        },
      ];
    },
    says: [
      [
        "failed vm-sizes: Standard_D8ds_v5",
        "The subscription may not use it in westeurope: NotAvailableForSubscription.",
        "Choose another vmSize, or ask for access in a support request for quota.",
      ],
    ],
  },
  {
    name: "a VM size lacks zones and features",
    wants: { encryptionAtHost: true },
    breaks: () => {
      const size = sku("Standard_D8ds_v5");
      size.locationInfo = [{ location: "westeurope", zones: ["1"] }];
      size.capabilities = [
        { name: "vCPUs", value: "8" },
        { name: "HyperVGenerations", value: "V1" },
      ];
    },
    says: [
      [
        "failed vm-sizes: Standard_D8ds_v5",
        "The subscription cannot use it in zones 2, 3 of westeurope, only in zone 1.",
        "Choose another vmSize, or fewer cluster.zones.",
      ],
      [
        "failed vm-sizes: Standard_D8ds_v5",
        "It does not support encryption at host.",
        "Choose another vmSize, or set cluster.nodeSecurity.encryptionAtHost to false.",
      ],
      [
        "failed vm-sizes: Standard_D8ds_v5",
        "It does not support trusted launch, which secure boot and a virtual TPM need.",
        "Choose another vmSize, or set cluster.nodeSecurity.secureBoot and vTPM to false.",
      ],
    ],
  },
  {
    name: "the VM sizes cannot be read",
    breaks: () => {
      arm.refuse({ on: /skus/, status: 400, code: "BadRequest", message: "Odd." });
    },
    says: [
      ...["Standard_D4ds_v5", "Standard_D8ds_v5"].map((name) => `vm-sizes: ${name}`),
      "quota: vCPUs in westeurope",
    ].map((what) => [
      `unchecked ${what}`,
      "Azure could not read the VM sizes of westeurope: BadRequest.",
      "Try again.",
    ]),
  },
  {
    name: "the quota of a family is one vCPU short",
    breaks: () => {
      usage("standardDDSv5Family", 41);
    },
    says: [
      [
        "failed quota: Standard DDSv5 Family vCPUs in westeurope",
        "The pools need 100 at their maximum, but 99 of 140 are free.",
        "Request 1 more on the page Quotas of the Azure portal, or lower maxCount.",
      ],
    ],
  },
  {
    name: "the quota of a family is exactly enough, but not for an upgrade",
    breaks: () => {
      usage("standardDDSv5Family", 40);
    },
    says: [
      [
        "warning quota: Standard DDSv5 Family vCPUs in westeurope",
        "The pools need 100 at their maximum, and 100 of 140 are free; an upgrade at the maximum needs 32 more for surge nodes.",
        "Request 32 more on the page Quotas of the Azure portal, or lower maxCount.",
      ],
    ],
  },
  {
    name: "nothing, if the quota of a family is exactly enough for an upgrade",
    breaks: () => {
      usage("standardDDSv5Family", 8);
    },
    says: [],
  },
  {
    name: "the quota for an upgrade is one vCPU short",
    breaks: () => {
      usage("standardDDSv5Family", 9);
    },
    says: [
      [
        "warning quota: Standard DDSv5 Family vCPUs in westeurope",
        "The pools need 100 at their maximum, and 131 of 140 are free; an upgrade at the maximum needs 32 more for surge nodes.",
        "Request 1 more on the page Quotas of the Azure portal, or lower maxCount.",
      ],
    ],
  },
  {
    name: "the quota of the region is one vCPU short",
    breaks: () => {
      usage("cores", 251);
    },
    says: [
      [
        "failed quota: Total Regional vCPUs in westeurope",
        "The pools need 100 at their maximum, but 99 of 350 are free.",
        "Request 1 more on the page Quotas of the Azure portal, or lower maxCount.",
      ],
    ],
  },
  {
    name: "Azure lists no quota of the family",
    breaks: () => {
      arm.world.usages.pop();
    },
    says: [
      [
        "unchecked quota: standardDDSv5Family in westeurope",
        "Azure does not list this quota.",
        "Run az vm list-usage --location westeurope --output table.",
      ],
    ],
  },
  {
    name: "a cluster of the name exists; its nodes are not counted twice, and it keeps an old version and revision",
    wants: { clusterName: "Shop", kubernetesVersion: "1.32", revisions: ["asm-1-27"] },
    breaks: () => {
      usage("standardDDSv5Family", 140);
      arm.world.clusters = [
        cluster("rg-a", "other", {}),
        cluster("rg-b", "other2", {}),
        cluster("rg-shop", "shop", {
          kubernetesVersion: "1.32",
          currentKubernetesVersion: "1.32.4",
          agentPoolProfiles: [{ name: "apps", vmSize: "Standard_D8ds_v5", count: 17 }],
          serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-27"] } },
        }),
      ];
    },
    says: [
      [
        "warning kubernetes-version: Kubernetes 1.32",
        "The cluster runs it, but westeurope does not offer it.",
        "Choose one of 1.33, 1.34, 1.35, 1.36 as cluster.kubernetesVersion.",
      ],
      [
        "warning mesh-revision: asm-1-27",
        "The cluster runs it, but westeurope no longer offers it: its support has ended or will end soon.",
        "Upgrade the mesh to one of asm-1-28, asm-1-29, asm-1-30 (docs/upgrading.md).",
      ],
      [
        "warning names: cluster Shop",
        "It exists already, in the resource group rg-shop. pulumi up updates it if this stack created it, and fails otherwise.",
        "If the stack created it, say so with --cluster; otherwise choose another cluster.name.",
        "pulumi stack --show-urns",
      ],
    ],
  },
  {
    name: "the cluster that the stack should have does not exist",
    wants: { existingCluster: "mesh1234" },
    says: [
      [
        "failed names: cluster mesh1234",
        "It does not exist, but --cluster names the stack's cluster.",
        "Correct --cluster, or leave it out before the first deployment.",
        "az aks list --output table",
      ],
    ],
  },
  {
    name: "nothing, if the quota is enough together with what the stack's cluster uses",
    wants: { existingCluster: "mesh1234" },
    breaks: () => {
      usage("standardDDSv5Family", 140);
      arm.world.clusters = [
        cluster("rg", "mesh1234", {
          agentPoolProfiles: [{ name: "apps", vmSize: "Standard_D4ds_v5", count: 33 }],
          serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
        }),
      ];
    },
    says: [],
  },
  {
    name: "a VM size that the region lacks is not counted",
    wants: {
      pools: [
        { name: "system", vmSize: "Standard_D4ds_v5", maxCount: 36 },
        { name: "apps", vmSize: "Standard_E4ds_v5", maxCount: 1 },
      ],
    },
    says: [
      [
        "failed vm-sizes: Standard_E4ds_v5",
        "westeurope does not have this VM size, which apps would use.",
        "Choose another vmSize, or another region.",
        "az vm list-skus --location westeurope --resource-type virtualMachines --output table",
      ],
      [
        "failed quota: Standard DDSv5 Family vCPUs in westeurope",
        "The pools need 144 at their maximum, without Standard_E4ds_v5, which the region lacks, but 140 of 140 are free.",
        "Request 4 more on the page Quotas of the Azure portal, or lower maxCount.",
      ],
    ],
  },
  {
    name: "the resource group does not exist",
    wants: { resourceGroup: "rg-shop" },
    says: [
      [
        "failed names: resource group rg-shop",
        "It does not exist, but cluster.resourceGroup names an existing one.",
        "Create it, or remove cluster.resourceGroup: the program then creates one.",
      ],
    ],
  },
  {
    name: "the cluster runs Open Service Mesh",
    wants: { resourceGroup: "rg(shop)", clusterName: "shop" },
    breaks: () => {
      arm.world.groups["rg(shop)"] = "westeurope";
      arm.world.clusters = [
        cluster("rg(shop)", "shop", { addonProfiles: { OpenServiceMesh: { enabled: true } } }),
      ];
    },
    says: [
      [
        "warning names: cluster shop",
        "It exists already, in the resource group rg(shop). pulumi up updates it if this stack created it, and fails otherwise.",
        "If the stack created it, say so with --cluster; otherwise choose another cluster.name.",
        "pulumi stack --show-urns",
      ],
      [
        "failed open-service-mesh: cluster shop",
        "It has the Open Service Mesh add-on, with which AKS refuses the Istio add-on.",
        "Move its workloads out of Open Service Mesh, and disable the add-on.",
        "az aks disable-addons --resource-group 'rg(shop)' --name shop --addons open-service-mesh",
      ],
      [
        "unchecked leftovers: cluster shop",
        "It has no mesh yet, and its objects were not read.",
        "Name its context with --context, or files with --from.",
      ],
    ],
  },
  {
    name: "the virtual network does not exist",
    wants: network({ nodes: `${NETWORKS}/spoke/subnets/nodes` }),
    says: [
      [
        "failed address-ranges: virtual network spoke",
        "It does not exist, but cluster.network.subnets names subnets in it.",
        "Create it, or correct the IDs in cluster.network.subnets.",
        `az network vnet show --ids ${NETWORKS}/spoke`,
      ],
    ],
  },
  {
    name: "ranges clash with the virtual network and its peer, and subnets are too small or missing",
    wants: network({
      nodes: `${NETWORKS}/spoke/subnets/nodes`,
      apiServer: `${NETWORKS}/spoke/subnets/api`,
    }),
    breaks: () => {
      spoke(["10.1.0.0/16", "10.0.255.0/24"], "10.1.0.0/28", ["10.245.0.0/16", "10.244.255.0/24"]);
    },
    says: [
      [
        "failed address-ranges: subnet nodes",
        "It has 11 addresses for nodes, but the pools have 15 nodes at their maximum.",
        "Choose a larger subnet, or lower maxCount.",
      ],
      [
        "failed address-ranges: subnet api",
        "The virtual network spoke has no such subnet; it has: nodes.",
        "Create it, or correct cluster.network.subnets.apiServer.",
      ],
      [
        "failed address-ranges: virtual network spoke",
        "cluster.network.serviceCidr is 10.0.0.0/16, which overlaps 10.0.255.0/24.",
        "Choose a range for serviceCidr that no connected network uses. A cluster cannot change it later.",
      ],
      [
        "failed address-ranges: virtual network spoke, peered with hub",
        "cluster.network.podCidr is 10.244.0.0/16, which overlaps 10.244.255.0/24.",
        "Choose a range for podCidr that no connected network uses. A cluster cannot change it later.",
      ],
    ],
  },
  {
    name: "ranges clash with the network of an existing cluster that the stack created",
    wants: { clusterName: "shop" },
    breaks: () => {
      spoke(["10.0.0.0/8"], "10.1.0.0/28", ["172.16.0.0/16"]);
      const agentPoolProfiles = [{ name: "system", vnetSubnetID: `${NETWORKS}/spoke/subnets/n` }];
      const serviceMeshProfile = { mode: "Istio", istio: { revisions: ["asm-1-30"] } };
      arm.world.clusters = [cluster("rg", "shop", { agentPoolProfiles, serviceMeshProfile })];
    },
    says: [
      [
        "warning names: cluster shop",
        "It exists already, in the resource group rg. pulumi up updates it if this stack created it, and fails otherwise.",
        "If the stack created it, say so with --cluster; otherwise choose another cluster.name.",
        "pulumi stack --show-urns",
      ],
      ...Object.entries({ podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16" }).map(
        ([setting, range]) => [
          "failed address-ranges: virtual network spoke",
          `cluster.network.${setting} is ${range}, which overlaps 10.0.0.0/8.`,
          `Choose a range for ${setting} that no connected network uses. A cluster cannot change it later.`,
        ],
      ),
    ],
  },
  {
    name: "Azure does not say the ranges of a peer",
    wants: network({ nodes: `${NETWORKS}/spoke/subnets/nodes` }),
    breaks: () => {
      spoke(["10.1.0.0/16"], "10.1.0.0/27", []);
    },
    says: [
      [
        "unchecked address-ranges: virtual network spoke, peered with hub",
        "Azure does not say which addresses it has.",
        "Compare them with cluster.network.podCidr and serviceCidr yourself.",
      ],
    ],
  },
  {
    name: "Azure does not say how many vCPUs a VM size has",
    breaks: () => {
      sku("Standard_D4ds_v5").capabilities = sku("Standard_D4ds_v5").capabilities.filter(
        ({ name }) => !name.startsWith("vCPUs"),
      );
    },
    says: [
      [
        "unchecked quota: vCPUs in westeurope",
        "Azure does not say how many vCPUs Standard_D4ds_v5 has.",
        "Compare the quota with the pools yourself.",
      ],
    ],
  },
  {
    name: "Azure does not say the limit of a quota",
    breaks: () => {
      usage("cores", NaN);
    },
    says: [
      [
        "unchecked quota: cores in westeurope",
        "Azure does not say the limit and the use of this quota.",
        "Run az vm list-usage --location westeurope --output table.",
      ],
    ],
  },
  {
    name: "nothing, if the ranges only touch",
    wants: network({ nodes: `${NETWORKS}/spoke/subnets/nodes` }),
    breaks: () => {
      spoke(["10.1.0.0/16"], "10.1.0.0/27", ["10.245.0.0/16", "10.243.0.0/16"]);
    },
    says: [],
  },
];

test.each(BREAKS)("says that $name", async ({ wants, breaks, says }) => {
  breaks?.();
  expect(await said(wanted(wants))).toEqual(says);
});

test("reads what an upgrade of the mesh of an existing cluster allows", async () => {
  arm.world.clusters = [
    cluster("rg", "shop", {
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-28"] } },
    }),
  ];
  const stack = wanted({ clusterName: "shop", revisions: ["asm-1-28", "asm-1-30"] });
  const upgrade = "mesh-revision: upgrade from asm-1-28 to asm-1-30";
  const about = async () => (await said(stack)).filter(([what]) => what?.endsWith(upgrade));

  arm.world.meshUpgrades["shop"] = {
    revision: "asm-1-28",
    upgrades: ["asm-1-30", "asm-1-29"],
    compatibleWith: [],
  };
  expect(await about()).toEqual([]);
  arm.world.meshUpgrades["shop"].upgrades = ["asm-1-29"];
  expect(await about()).toEqual([
    [
      `failed ${upgrade}`,
      "The cluster does not allow it. It allows: asm-1-29.",
      "Upgrade to one of these first, or upgrade Kubernetes (docs/upgrading.md).",
    ],
  ]);
  // https://github.com/Azure/ARO-Tools/blob/main/tools/istio-upgrade/pkg/istio/aks.go
  const message = "A service mesh upgrade is in progress.";
  const refusal = { status: 409, code: "ServiceMeshUpgradeInProgress", message };
  arm.refuse({ on: /meshUpgradeProfiles/, ...refusal });
  expect(await about()).toEqual([
    [
      `unchecked ${upgrade}`,
      "Azure could not read the mesh upgrades of the cluster shop: A service mesh upgrade is in progress.",
      "Try again.",
    ],
  ]);
});

test("every check that needs the cluster says that it could not be read", async () => {
  arm.refuse({ on: /managedClusters/, status: 403, code: "AuthorizationFailed", message: "No." });
  const stack = wanted({ clusterName: "shop", resourceGroup: "rg" });
  const unread = (await said(stack))
    .map(([what]) => what)
    .filter((what) => (what ?? "").startsWith("unch"));
  expect(unread).toEqual([
    "unchecked mesh-revision: upgrade to asm-1-30",
    "unchecked quota: vCPUs in westeurope",
    "unchecked names: cluster shop",
    "unchecked address-ranges: virtual network",
    "unchecked open-service-mesh: cluster shop",
    "unchecked leftovers: cluster",
  ]);
});

test("without the check of the subscription, the others say what they could not read", async () => {
  arm.world.subscriptions = [];
  arm.refuse({ on: /./, status: 404, code: "SubscriptionNotFound", message: "No subscription." });
  const observations = await preflight(arm.azure, wanted(), { skip: ["subscription"] });
  expect(observations.some(({ outcome }) => outcome === "unchecked")).toBe(true);
});

test("leaves out checks, and does not read what only they need", async () => {
  const skip = CHECKS.map(({ name }) => name).filter((name) => name !== "subscription");
  const observations = await preflight(arm.azure, wanted(), { skip });
  expect(observations.map(({ check }) => check)).toEqual(["subscription"]);
  expect(arm.asked.some((line) => line.includes("meshRevisionProfiles"))).toBe(false);
});

test("asks for rights where the resources are", async () => {
  const vault = `${ID}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv`;
  arm.world.groups["rg"] = "westeurope";
  arm.world.roles = [];
  const stack = wanted({ resourceGroup: "rg", grantsOn: [vault] });
  const missing = (await said(stack)).filter(([what]) => what?.includes("rights"));
  expect(missing.map(([what, message]) => [what, message])).toEqual([
    [
      `failed rights: ${ID}/resourceGroups/rg`,
      `You may not do Microsoft.ContainerService/managedClusters/write, ${RBAC}. You have no role there.`,
    ],
    [
      `failed rights: ${ID}`,
      `You may not do Microsoft.Resources/subscriptions/resourceGroups/write, Microsoft.Dashboard/grafana/write, ${RBAC}. You have no role there.`,
    ],
    [`failed rights: ${vault}`, `You may not do ${RBAC}. You have no role there.`],
  ]);
});

function provider(namespace: string) {
  const found = arm.world.providers[namespace];
  if (found === undefined) throw new Error(namespace);
  return found;
}

function sku(name: string) {
  const found = arm.world.skus.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

function usage(name: string, used: number): void {
  const found = arm.world.usages.find((each) => each.name.value === name);
  if (found !== undefined) found.currentValue = used;
}

function network(subnets: Wanted["network"]["subnets"]): Partial<Wanted> {
  return { network: { ...wanted().network, subnets } };
}

function spoke(ranges: string[], nodes: string, peer: string[]): void {
  arm.world.resources[`${NETWORKS}/spoke`] = {
    id: `${NETWORKS}/spoke`,
    properties: {
      addressSpace: { addressPrefixes: ranges },
      subnets: [{ name: "nodes", properties: { addressPrefix: nodes } }],
      virtualNetworkPeerings: [
        {
          properties: {
            remoteVirtualNetwork: { id: `${NETWORKS}/hub` },
            remoteVirtualNetworkAddressSpace: { addressPrefixes: peer },
          },
        },
      ],
    },
  };
}
