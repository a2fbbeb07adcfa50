import * as network from "@pulumi/azure-native/network";
import * as storage from "@pulumi/azure-native/storage";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface SiteArgs {
  resourceGroupName: pulumi.Input<string>;
  network: network.VirtualNetwork;
  greeting: pulumi.Input<string>;
  token: pulumi.Input<string>;
}

/** A namespace with its secret; its only providers are those of its parent. */
class Workload extends pulumi.ComponentResource {
  readonly namespaceName: pulumi.Output<string>;

  constructor(
    name: string,
    args: { token: pulumi.Input<string> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kitchen-sink:index:Workload", name, args, opts);
    const namespace = new k8s.core.v1.Namespace(name, {}, { parent: this });
    const secret = new k8s.core.v1.Secret(
      name,
      { metadata: { namespace: namespace.metadata.name }, stringData: { token: args.token } },
      { parent: this, deletedWith: namespace, additionalSecretOutputs: ["metadata"] },
    );
    this.namespaceName = namespace.metadata.name;
    this.registerOutputs({ namespaceName: this.namespaceName, secretName: secret.metadata.name });
  }
}

/** A component whose arguments contain a resource, a secret and an unknown value. */
export class Site extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  readonly workload: Workload;

  constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "kitchen-sink:index:Site",
      name,
      { ...args, labels: { site: name, group: args.resourceGroupName } },
      opts,
    );
    this.account = new storage.StorageAccount(
      `${name}content`,
      {
        resourceGroupName: args.resourceGroupName,
        kind: storage.Kind.StorageV2,
        sku: { name: storage.SkuName.Standard_LRS },
        tags: { greeting: args.greeting },
      },
      {
        parent: this,
        protect: true,
        ignoreChanges: ["tags.seen"],
        aliases: [{ name: `${name}-content` }, { parent: pulumi.rootStackResource }],
        customTimeouts: { create: "20m" },
      },
    );
    const container = new storage.BlobContainer(
      name,
      { resourceGroupName: args.resourceGroupName, accountName: this.account.name },
      { parent: this, deletedWith: this.account, retainOnDelete: true },
    );
    new storage.Blob(
      `${name}-index`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: this.account.name,
        containerName: container.name,
        source: new pulumi.asset.FileAsset("content/index.html"),
      },
      { parent: this, deleteBeforeReplace: true, replaceOnChanges: ["source"] },
    );
    new storage.Blob(
      `${name}-all`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: this.account.name,
        containerName: container.name,
        source: new pulumi.asset.AssetArchive({
          content: new pulumi.asset.FileArchive("content"),
          "hello.txt": new pulumi.asset.StringAsset("hello"),
        }),
      },
      { parent: this },
    );
    this.workload = new Workload(`${name}-workload`, { token: args.token }, { parent: this });
    this.registerOutputs({ account: this.account, endpoint: this.account.primaryEndpoints.web });
  }
}
