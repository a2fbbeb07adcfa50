import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const group = new resources.ResourceGroup("archive", {
  tags: {
    owner: config.require("owner"),
    retentionDays: String(config.requireNumber("retentionDays")),
    accessTier: config.require("accessTier"),
  },
});

export const groupName = group.name;
