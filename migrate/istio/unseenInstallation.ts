import { parseAllDocuments } from "yaml";
import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { isNamedLikeIstios, isPublisher } from "../../mesh/istioCharts.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { shellWord } from "../../text/shellWord.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { chartOf } from "./charts.ts";
import { groupOf } from "./kinds.ts";
import { isTarget } from "./namespaces.ts";
import type { Entry } from "./report.ts";

/**
 * What is said if the files lack the installation of the own Istio, whose MeshConfig decides what its objects mean, or
 * have it in a form that is not read.
 *
 * @param entries what is said of the objects
 */
export function unseenEntries(
  manifests: readonly Manifest[],
  texts: ReadonlyMap<string, string>,
  entries: readonly Entry[],
): readonly Entry[] {
  const unread = [...texts].flatMap(([file, text]) => unreadValues(file, text));
  if (manifests.some(isInstallation) || !isOfOwnMesh(manifests, entries)) return unread;
  return [
    ...unread,
    {
      outcome: "blocker",
      subject: "MeshConfig",
      place: undefined,
      field: "",
      message:
        "The files lack the installation of the own Istio, so its defaults are assumed: what its MeshConfig sets would be lost, such as rootNamespace, trustDomain or REGISTRY_ONLY.",
      fix: "Add the IstioOperator, the HelmRelease or Application of istiod, or the ConfigMap: kubectl get configmap istio -n istio-system -o yaml.",
    },
  ];
}

/** Whether an object has the MeshConfig of an own Istio, or says that it is the default one. */
function isInstallation(manifest: Manifest): boolean {
  const { kind, name = "", namespace, object } = manifest;
  switch (kind) {
    case "IstioOperator":
      // One without a control plane installs gateways.
      return textAt(object, "spec", "profile") !== "empty" || hasPilot(object);
    case "Istio":
    case "IstioRevision":
      return true;
    case "ConfigMap":
      return (
        /^istio(?:-|$)/.test(name) &&
        namespace !== CONTROL_PLANE_NAMESPACE &&
        valueAt(object, "data", "mesh") !== undefined
      );
    default:
      return chartOf(manifest).some(({ chart }) => chart === "istiod");
  }
}

function hasPilot(object: unknown): boolean {
  return valueAt(object, "spec", "components", "pilot", "enabled") === true;
}

/** Whether anything is left to migrate, so the objects are not those of the add-on already. */
function isOfOwnMesh(manifests: readonly Manifest[], entries: readonly Entry[]): boolean {
  if (entries.some(({ outcome }) => outcome === "change")) return true;
  const isOfAddon = manifests.some(
    ({ kind, namespace, object }) =>
      namespace?.startsWith("aks-istio-") === true ||
      (kind === "Namespace" &&
        isTarget(textAt(object, "metadata", "labels", "istio.io/rev") ?? "")),
  );
  return !isOfAddon && manifests.some((one) => isIstioGroup(groupOf(one)));
}

function unreadValues(file: string, text: string): readonly Entry[] {
  if (!/meshConfig|pilot|istio/i.test(text + file)) return [];
  const says = { outcome: "blocker", subject: file, field: "" } as const;
  return parseAllDocuments(text, goYamlOptions(2)).flatMap((document): readonly Entry[] => {
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
    const place = { file, line: 1, column: 1 };
    if (!isRecord(value) || value["kind"] !== undefined) return [];
    if (listAt(value, "dependencies").some(isIstiosChart)) {
      return [
        {
          ...{ ...says, place },
          message: "It is a chart that installs Istio's, and its values were not judged.",
          fix: "Render it, and pass the result, too: helm template CHART | npx aks-istio migrate-istio -f -",
        },
      ];
    }
    const isNamed = /values[^/]*$/.test(file) && /istio/i.test(file);
    if (!isNamed && ![value, ...Object.values(value)].some(isValues)) return [];
    return [
      {
        ...{ ...says, place },
        message: "It looks like values of Istio's charts. It was not judged.",
        fix: `Render the chart with it, and pass the result, too: helm template istiod istio/istiod -n istio-system -f ${shellWord(file)} | npx aks-istio migrate-istio -f -`,
      },
    ];
  });
}

function isIstiosChart(dependency: unknown): boolean {
  const name = textAt(dependency, "name") ?? "";
  return isNamedLikeIstios(name) && isPublisher(textAt(dependency, "repository") ?? "");
}

/** Whether a map has values that only Istio's charts know. Charts that depend on them have them below a name. */
function isValues(value: unknown): boolean {
  return (
    isRecord(valueAt(value, "meshConfig")) ||
    isRecord(valueAt(value, "sidecarInjectorWebhook")) ||
    isRecord(valueAt(value, "pilot")) ||
    ["istioNamespace", "pilotCertProvider", "meshID", "caAddress"].some(
      (name) => valueAt(value, "global", name) !== undefined,
    )
  );
}
