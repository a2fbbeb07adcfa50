import * as resources from "@pulumi/azure-native/resources";

new resources.ResourceGroup("archive");

throw new Error("the archive has no owner");
