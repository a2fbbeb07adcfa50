import { closest } from "../../../text/suggest.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "./objects.ts";
import type { KubernetesObject } from "./objects.ts";
import { namespaceOf, onOneCluster } from "./objectNamespace.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

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

/** The Secrets of the stack with a name. */
interface FoundSecrets {
  /** Those that are in the namespace, or may be. */
  readonly there: readonly MadeSecret[];
  /** One that is only in another namespace, with that namespace. */
  readonly elsewhere: { readonly secret: MadeSecret; readonly namespace: string } | undefined;
  /** A similar name of a Secret in the namespace. */
  readonly similar: string | undefined;
}

/** Looks up a Secret on the cluster of an object. Something other than the stack may create it as well. */
export function findSecret(
  name: string,
  namespace: string,
  beside: KubernetesObject,
  stack: Stack,
): FoundSecrets {
  const all = stack
    .all(madeSecrets)
    .filter((secret) => onOneCluster(secret, beside, stack))
    .map((secret) => ({ secret, where: namespaceOf(secret, stack).name }));
  const called = all.filter(({ secret }) => secret.secretName === name);
  const there = called.filter(({ where }) => where === undefined || where === namespace);
  const [misplaced] = called;
  const others = all.filter(({ where }) => where === namespace);
  const names = others.map(({ secret }) => secret.secretName);
  return {
    there: there.map(({ secret }) => secret),
    elsewhere:
      there.length > 0 || misplaced?.where === undefined
        ? undefined
        : { secret: misplaced.secret, namespace: misplaced.where },
    similar: closest(
      name,
      names.filter((one) => typeof one === "string"),
    ),
  };
}
