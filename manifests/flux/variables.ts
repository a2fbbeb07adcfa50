import { parse, stringify } from "yaml";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { isRecord } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";
import { unknownText } from "../unknownText.ts";
import { substitute } from "./envsubst.ts";
import { recordsOf } from "./kustomization.ts";
import type { FluxKustomization } from "./kustomization.ts";

/** The variables of a Kustomization. */
export interface Variables {
  readonly values: ReadonlyMap<string, string>;
  /** The ConfigMaps and Secrets that may set others, but whose content is not known. */
  readonly unknownSources: readonly string[];
}

/** A sealed or encrypted value, which only the cluster can read. */
const ENCRYPTED = "ENC[";

/**
 * The variables in `postBuild`; undefined if Flux substitutes none.
 *
 * @param find the ConfigMap or Secret of a name in the namespace of the Kustomization, if the tree contains it
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function variablesOf(
  { spec }: FluxKustomization,
  find: (kind: string, name: string) => Manifest | undefined,
): Variables | undefined {
  const { postBuild } = spec;
  if (!isRecord(postBuild)) return undefined;
  const values = new Map<string, string>();
  const unknownSources: string[] = [];
  for (const { kind, name } of recordsOf(postBuild["substituteFrom"])) {
    if (typeof kind !== "string" || typeof name !== "string") continue;
    const data = dataOf(find(kind, name));
    // Even an optional one that the tree does not contain may exist in the cluster.
    if (data === undefined) unknownSources.push(`${kind} ${name}`);
    else for (const [key, value] of data) values.set(key, oneLine(value));
  }
  const own = isRecord(postBuild["substitute"]) ? postBuild["substitute"] : {};
  for (const [key, value] of Object.entries(own)) {
    if (typeof value === "string") values.set(key, oneLine(value));
  }
  const always = postBuild["substituteStrategy"] === "Always";
  // Without any variable, Flux leaves the text alone.
  if (values.size === 0 && unknownSources.length === 0 && !always) return undefined;
  return { values, unknownSources };
}

/** As Flux does. */
function oneLine(value: string): string {
  return value.replaceAll("\n", "");
}

function dataOf(
  manifest: Manifest | undefined,
): readonly (readonly [string, string])[] | undefined {
  if (manifest === undefined) return undefined;
  const { kind, object } = manifest;
  const entries = (value: unknown) =>
    Object.entries(isRecord(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
  const data = entries(object["data"]);
  const plain = entries(object["stringData"]);
  if ([...data, ...plain].some(([, value]) => value.startsWith(ENCRYPTED))) return undefined;
  if (kind !== "Secret") return data;
  const decoded = data.map(
    ([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")] as const,
  );
  return [...decoded, ...plain];
}

const SWITCH = "kustomize.toolkit.fluxcd.io/substitute";

/**
 * An object after substitution. A variable that an unknown source may set becomes an unknown text.
 *
 * @throws SubstitutionError
 */
export function substituted(
  object: Readonly<Record<string, unknown>>,
  { values, unknownSources }: Variables,
): Readonly<Record<string, unknown>> {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const isOff = ["labels", "annotations"].some((key) => {
    const map = metadata[key];
    return isRecord(map) && map[SWITCH] === "disabled";
  });
  if (isOff) return object;
  const text = stringify(object, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
  if (!text.includes("$")) return object;
  const result: unknown = parse(
    substitute(
      text,
      (name) => values.get(name) ?? (unknownSources.length > 0 ? unknownText(name) : undefined),
    ),
    goYamlOptions(2),
  );
  return isRecord(result) ? result : object;
}
