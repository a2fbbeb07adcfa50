import * as pulumi from "@pulumi/pulumi";

/** The package as `pulumi package add terraform-provider` would generate it: a provider with a parameter. */
const registered = () =>
  pulumi.runtime.registerPackage({
    baseProviderName: "terraform-provider",
    baseProviderVersion: "1.0.2",
    baseProviderDownloadUrl: "",
    packageName: "random",
    packageVersion: "3.7.2",
    base64Parameter: Buffer.from(
      JSON.stringify({ remote: { url: "hashicorp/random", version: "3.7.2" } }),
    ).toString("base64"),
  });

/** A name made of words, chosen once. */
export class PetName extends pulumi.CustomResource {
  declare readonly separator: pulumi.Output<string>;

  constructor(
    name: string,
    args: { separator?: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("random:index/pet:Pet", name, { ...args, length: undefined }, opts, false, registered());
  }
}
