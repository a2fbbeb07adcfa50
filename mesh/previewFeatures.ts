/**
 * Features whose preview is over: registering one does nothing any more, and the reason says since when. Names are
 * written as `az feature list` prints them.
 *
 * @see https://github.com/Azure/AKS/blob/master/CHANGELOG.md
 */
const OVER: Readonly<Record<string, string>> = {
  "Microsoft.ContainerService/AzureServiceMeshPreview":
    "the service mesh add-on is generally available since February 2024",
  "Microsoft.ContainerService/EnableAPIServerVnetIntegrationPreview":
    "API server VNet integration is generally available since July 2025",
  "Microsoft.ContainerService/IstioNativeSidecarModePreview":
    "sidecars are native by default from asm-1-29 on",
};

/** Why a preview feature need not be registered any more; undefined where nothing is known against it. */
export function previewIsOver(feature: string): string | undefined {
  const name = feature.toLowerCase();
  return Object.entries(OVER).find(([over]) => over.toLowerCase() === name)?.[1];
}
