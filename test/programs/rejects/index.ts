import * as resources from "@pulumi/azure-native/resources";

async function main() {
  new resources.ResourceGroup("archive");
  await Promise.reject(new Error("the archive has no owner"));
}

void main();
