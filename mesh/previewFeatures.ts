/**
 * Features whose preview has ended, with the reason. Registering one has no effect. Names are as in `az feature list`.
 *
 * @see https://github.com/Azure/AKS/blob/master/CHANGELOG.md
 */
const OVER: Readonly<Record<string, string>> = {
  "Microsoft.ContainerService/AzureServiceMeshPreview":
    "the service mesh add-on has been generally available since February 2024",
  "Microsoft.ContainerService/EnableAPIServerVnetIntegrationPreview":
    "API server VNet integration has been generally available since July 2025",
  "Microsoft.ContainerService/IstioNativeSidecarModePreview":
    "sidecars are native by default since asm-1-29",
};

/** Why a preview feature no longer needs to be registered; undefined for other features. */
export function previewIsOver(feature: string): string | undefined {
  const name = feature.toLowerCase();
  return Object.entries(OVER).find(([over]) => over.toLowerCase() === name)?.[1];
}
