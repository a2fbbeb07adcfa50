import { expect, test } from "vitest";
import { previewIsOver } from "../../mesh/previewFeatures.ts";

test("lists the ended previews, regardless of case", () => {
  const reason = "the service mesh add-on has been generally available since February 2024";
  expect(previewIsOver("Microsoft.ContainerService/AzureServiceMeshPreview")).toBe(reason);
  expect(previewIsOver("microsoft.containerservice/azureservicemeshpreview")).toBe(reason);
});

test.each([
  "Microsoft.Compute/EncryptionAtHost",
  "AzureServiceMeshPreview",
  "Microsoft.ContainerService/AzureServiceMeshPreview2",
])("has no objection to %s", (feature) => {
  expect(previewIsOver(feature)).toBeUndefined();
});
