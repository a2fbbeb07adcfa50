import * as authorization from "@pulumi/azure-native/authorization";
import * as resources from "@pulumi/azure-native/resources";

export = async () => {
  const { tenantId } = await authorization.getClientConfig();
  const group = new resources.ResourceGroup("archive");
  return { groupName: group.name, tenantId };
};
