import * as resources from "@pulumi/azure-native/resources";

const north = new resources.ResourceGroup("archive", { location: "northeurope" });
const west = new resources.ResourceGroup("archive", { location: "westeurope" });

export const groups = [north.name, west.name];
