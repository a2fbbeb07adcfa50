import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { listAt } from "../../operate/cluster/clusterObject.ts";
import { chartOf } from "./charts.ts";
import { blocker, dropped } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { chartServiceFindings, gatewayServiceFindings } from "./gatewayServices.ts";
import { subjectOf } from "../report.ts";
import { settingsOf, unreadableBlocker } from "./settings.ts";
import { sharedConfigMap, translatedMeshConfig } from "./meshConfig.ts";
import { istiodFindings, operatorFindings } from "./operatorSpec.ts";
import { whyOwn } from "./ownObjects.ts";
import { valueFindings } from "./values.ts";
import type { World } from "./world.ts";

type Config = Readonly<Record<string, unknown>>;

/**
 * What becomes of an object that belongs to the self-installed Istio: nothing, or a shared ConfigMap with its MeshConfig.
 * Undefined if it does not belong to it.
 */
export function installationFindings(
  manifest: Manifest,
  world: World,
): readonly Finding[] | undefined {
  const charts = chartOf(manifest);
  const why =
    whyOwn(manifest, world.roots) ??
    (charts.length > 0
      ? `It installs Istio's chart ${charts.map(({ chart }) => chart).join(", ")}.`
      : undefined);
  if (why === undefined) return undefined;
  const { configs, values, unreadable } = settingsOf(manifest);
  const translated = configs.map(({ config, at }) =>
    translatedMeshConfig(config, at, world.gateways, manifest),
  );
  const config = translated.reduce<Config>((all, one) => mergedConfig(all, one.config), {});
  const others = [
    ...translated.flatMap(({ findings }) => findings),
    ...values.flatMap(({ value, at }) => [
      ...chartServiceFindings(value, at),
      ...valueFindings(value, at),
    ]),
    ...(manifest.kind === "IstioOperator" ? operatorFindings(manifest) : []),
    ...istiodFindings(manifest),
    ...gatewayServiceFindings(manifest),
    ...charts
      .filter(({ hasOthers }) => hasOthers)
      .map(({ at }) =>
        blocker(
          at.slice(0, -1),
          "Values of the chart are in other files or objects, which were not read.",
          "Pass the files that contain them with -f, or write them into this object.",
        ),
      ),
  ];
  // Its MeshConfig must not be lost.
  if (unreadable.length > 0) return [...others, ...unreadable.map(unreadableBlocker)];
  if (charts.length > 0 && listAt(manifest.object, "spec", "sources").length > 1) {
    return [
      ...others,
      blocker(
        ["spec", "sources"],
        why,
        "Remove the source with Istio's chart, and keep the others.",
      ),
    ];
  }
  // A patch of a ConfigMap needs the ConfigMap, even if nothing remains of it.
  const isConfigMap = manifest.kind === "ConfigMap" && configs.length > 0;
  const isNeeded = Object.keys(config).length > 0 || (isConfigMap && world.hasMeshConfig);
  return [
    ...others,
    isNeeded
      ? dropped(
          subjectOf(manifest),
          `${why} The revision reads its MeshConfig from the shared ConfigMap.`,
          sharedConfigMap(config, world.revision),
        )
      : dropped(subjectOf(manifest), why),
  ];
}

/** Whether anything of the MeshConfig of an object remains with the add-on. */
export function keepsMeshConfig(manifest: Manifest, world: Omit<World, "hasMeshConfig">): boolean {
  return settingsOf(manifest).configs.some(({ config, at }) => {
    const { config: kept } = translatedMeshConfig(config, at, world.gateways, manifest);
    return Object.keys(kept).length > 0;
  });
}

function mergedConfig(one: Config, other: Config): Config {
  const [inner, more] = [one["defaultConfig"], other["defaultConfig"]];
  const both = isRecord(inner) && isRecord(more) ? { defaultConfig: { ...inner, ...more } } : {};
  return { ...one, ...other, ...both };
}

/** Objects of other distributions of Istio, which cannot be translated. */
export function distributionFindings({ apiVersion, kind }: Manifest): readonly Finding[] {
  if (apiVersion.startsWith("maistra.io/")) {
    return [
      blocker(
        [],
        `${kind} configures Red Hat OpenShift Service Mesh.`,
        "Write its settings into the shared ConfigMap, and label each namespace of its members with a revision.",
      ),
    ];
  }
  const group = apiVersion.slice(0, apiVersion.indexOf("/"));
  if (isIstioGroup(group) && /^(?:rbac|authentication|config)\.istio\.io$/.test(group)) {
    return [
      blocker(
        [],
        `Istio removed the API ${group} in 1.8.`,
        "Write an AuthorizationPolicy, a PeerAuthentication or a RequestAuthentication.",
      ),
    ];
  }
  return [];
}
