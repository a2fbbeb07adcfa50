import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { settingsOf } from "./settings.ts";
import type { World } from "./world.ts";

const DEFAULT = "cluster.local";

/** The trust domains that a mesh has: Istio's default, and those that MeshConfig names. */
export function trustDomainsOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  const named = manifests
    .flatMap((one) => settingsOf(one).configs)
    .flatMap(({ config }) => [config["trustDomain"], ...listAt(config, "trustDomainAliases")]);
  return new Set([DEFAULT, ...named.filter((one) => typeof one === "string")]);
}

/**
 * The principals of a trust domain that no MeshConfig among the objects names. With the add-on, they would match no client.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/
 */
export function trustDomainFindings(
  { kind, object }: Manifest,
  { trustDomains }: World,
): readonly Finding[] {
  if (kind !== "AuthorizationPolicy") return [];
  return principalsBelow(object["spec"], ["spec"]).flatMap(({ at, text }) => {
    const [, domain] = /^(?:spiffe:\/\/)?([^/*]+)\/ns\//.exec(text) ?? [];
    if (domain === undefined || trustDomains.has(domain)) return [];
    return [
      blocker(
        at,
        `${domain} is the trust domain of no MeshConfig that was read. That of the add-on is ${DEFAULT}, unless the shared ConfigMap names another one.`,
        `Pass the MeshConfig of the mesh, too, or set trustDomain or trustDomainAliases in the shared ConfigMap.`,
      ),
    ];
  });
}

interface Text {
  readonly at: KeyPath;
  readonly text: string;
}

/** The principals of sources, and those of conditions. */
function principalsBelow(value: unknown, at: KeyPath): readonly Text[] {
  const items = Array.isArray(value) ? [...(value as readonly unknown[]).entries()] : [];
  if (!isRecord(value)) {
    return items.flatMap(([index, one]) => principalsBelow(one, [...at, index]));
  }
  const fields =
    textAt(value, "key") === "source.principal"
      ? ["values", "notValues"]
      : ["principals", "notPrincipals"];
  return Object.entries(value).flatMap(([key, one]) =>
    fields.includes(key)
      ? listAt(value, key).flatMap((text, index) =>
          typeof text === "string" ? [{ at: [...at, key, index], text }] : [],
        )
      : principalsBelow(one, [...at, key]),
  );
}
