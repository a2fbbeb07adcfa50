import { expect, test } from "vitest";
import { AccessError } from "../../../operate/accessError.ts";
import { cloudOf } from "../../../operate/azure/cloud.ts";

test.each([
  [undefined, "https://management.azure.com", "https://login.microsoftonline.com"],
  ["public", "https://management.azure.com", "https://login.microsoftonline.com"],
  ["usgovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"],
  ["china", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
])("knows the endpoints of %s", async (environment, resourceManager, authority) => {
  expect(await cloudOf({ environment })).toMatchObject({ resourceManager, authority });
});

test.each(["german", "constructor"])("says that %s is no cloud", async (environment) => {
  await expect(cloudOf({ environment })).rejects.toThrow(
    new AccessError(
      `azure-native:environment (or ARM_ENVIRONMENT) is "${environment}", which is no cloud. It must be one of: public, usgovernment, china.`,
    ),
  );
});

test("says which host does not name the endpoints of its cloud", async () => {
  await expect(cloudOf({ metadataHost: "localhost:1" })).rejects.toThrow(
    /^https:\/\/localhost:1\/metadata\/endpoints\?api-version=2022-09-01, named by azure-native:metadataHost or ARM_METADATA_HOSTNAME, cannot be read: bad port\. Check the host and the network\.$/,
  );
});
