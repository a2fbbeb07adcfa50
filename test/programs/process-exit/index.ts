import * as resources from "@pulumi/azure-native/resources";

new resources.ResourceGroup("archive");

process.exit(3);
