import * as resources from "@pulumi/azure-native/resources";

const group = new resources.ResourceGroup("archive";

export const groupName = group.name;
