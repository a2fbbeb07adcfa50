import authorization from "@pulumi/azure-native/authorization/index.js";
import resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";

// Only a module supports top-level await.
const { subscriptionId } = await authorization.getClientConfig();

const group = new resources.ResourceGroup("archive", { tags: { stack: pulumi.getStack() } });

export const scope = pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${group.name}`;
