import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withDefaults } from "../../inject/apiDefaults.ts";
import { NotInjected, optedOut } from "../../inject/injector.ts";
import type { Injector } from "../../inject/injector.ts";
import { requireSidecar } from "../../inject/requireSidecar.ts";
import { FILES } from "../../inject/savedConfiguration.ts";
import type { SavedConfiguration } from "../../inject/savedConfiguration.ts";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import { istioctlVersion, kubeInject } from "../../manifests/tools/istioctl.ts";
import { isRendered } from "../../manifests/tools/rendered.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { toYaml } from "../../yaml/toYaml.ts";
import { AccessError } from "../accessError.ts";
import { textAt, valueAt } from "../cluster/clusterObject.ts";

/** @throws AccessError if the directory cannot be written */
export function saveConfiguration(directory: string, saved: SavedConfiguration): void {
  const { revision, nativeSidecars, config, values, mesh } = saved;
  const about = `${JSON.stringify({ revision, nativeSidecars }, undefined, 2)}\n`;
  try {
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of [
      [FILES.about, about],
      [FILES.config, config],
      [FILES.values, values],
      [FILES.mesh, mesh],
    ] as const) {
      writeFileSync(join(directory, name), text);
    }
  } catch (error) {
    throw new AccessError(`${directory} cannot be written: ${(error as Error).message}.`);
  }
}

/**
 * The injector of a saved configuration. `istioctl` renders its templates: they are Istio's, in Go, and every release
 * has functions of its own for them.
 *
 * @param note gets what the user should know
 * @throws AccessError if the directory has no configuration, or istioctl is of another release
 */
export async function savedInjector(
  directory: string,
  note: (text: string) => void,
): Promise<Injector> {
  const { revision, nativeSidecars } = aboutIn(directory);
  const release = revision.replace(/^asm-/, "").replace("-", ".");
  const version = await istioctlVersion();
  if (version !== undefined && !version.startsWith(`${release}.`)) {
    note(
      `istioctl is ${version}, and ${revision} is Istio ${release}: the sidecar may differ from that of the cluster. Install istioctl ${release}.`,
    );
  }
  const path = (name: keyof typeof FILES) => join(directory, FILES[name]);
  const files = { config: path("config"), values: path("values"), mesh: path("mesh") };
  const options = { revision, nativeSidecars, release };
  return {
    revision,
    inject: async (pod) => {
      const whole = withDefaults(pod);
      const objects = [optedOut(whole), whole].map((one) => toYaml(one)).join("---\n");
      const rendered = await kubeInject(objects, files, options);
      if (!isRendered(rendered)) {
        throw new NotInjected(`${rendered.reason} ${rendered.fix ?? ""}`.trim());
      }
      const [without = {}, injected = {}] = documentsOf(rendered.text);
      return requireSidecar(whole, { without, with: injected }, FIX);
    },
  };
}

const FIX = "Save its configuration again, or ask the cluster instead.";

function aboutIn(
  directory: string,
): Pick<SavedConfiguration, "nativeSidecars"> & { readonly revision: MeshRevision } {
  const file = join(directory, FILES.about);
  let about: unknown;
  try {
    about = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new AccessError(
      `${file} cannot be read: ${(error as Error).message}. Save a configuration with aks-istio inject --save ${directory} --revision REVISION.`,
    );
  }
  const [revision = "", nativeSidecars] = [
    textAt(about, "revision"),
    valueAt(about, "nativeSidecars"),
  ];
  if (isMeshRevision(revision) && typeof nativeSidecars === "boolean") {
    return { revision, nativeSidecars };
  }
  throw new AccessError(
    `${file} does not say revision and nativeSidecars. Save the configuration again with aks-istio inject --save ${directory} --revision REVISION.`,
  );
}
