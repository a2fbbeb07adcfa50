"use strict";
const resources = require("@pulumi/azure-native/resources");
const storage = require("@pulumi/azure-native/storage");

const group = new resources.ResourceGroup("archive");

const account = new storage.StorageAccount("archive", {
  resourceGroupName: group.name,
  kind: storage.Kind.StorageV2,
  sku: { name: storage.SkuName.Standard_LRS },
});

exports.accountName = account.name;
