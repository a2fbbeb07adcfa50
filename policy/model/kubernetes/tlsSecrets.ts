import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "./objects.ts";
import type { KubernetesObject } from "./objects.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind } from "../../engine/resource.ts";

/** A Secret that a program creates, directly or through another object. */
export interface MadeSecret extends KubernetesObject {
  /** The name of the Secret, which may differ from the object's name. */
  readonly secretName: Read<string>;
}

/** Secrets, and objects that create them from Key Vault, cert-manager or another store. */
export const madeSecrets: TargetKind<MadeSecret> = anyOf(
  secretsOf(kubernetesObjects("core/v1", "Secret"), ({ at }) => [at("metadata", "name")]),
  secretsOf(kubernetesObjects("secrets-store.csi.x-k8s.io/*", "SecretProviderClass"), ({ at }) => {
    const objects = at("spec", "secretObjects").items();
    if (objects instanceof Unknown) return [at("spec", "secretObjects")];
    return (objects ?? []).map((object) => object.at("secretName"));
  }),
  secretsOf(kubernetesObjects("cert-manager.io/*", "Certificate"), ({ at }) => [
    at("spec", "secretName"),
  ]),
  secretsOf(kubernetesObjects("external-secrets.io/*", "ExternalSecret"), ({ at }) => {
    const target = at("spec", "target", "name");
    return [target.read() === undefined ? at("metadata", "name") : target];
  }),
);

function secretsOf(
  makers: TargetKind<KubernetesObject>,
  names: (maker: KubernetesObject) => readonly Cursor[],
): TargetKind<MadeSecret> {
  return {
    ...makers,
    in: (resource) =>
      makers
        .in(resource)
        .flatMap((maker) => names(maker).map((name) => ({ ...maker, secretName: name.text() }))),
  };
}
