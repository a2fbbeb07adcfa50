import { TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Goal } from "../engine/goal.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { SecretMask } from "../plan/secretMask.ts";
import type { Urn } from "../plan/urn.ts";
import { isSecret, markSecret, markTexts, secretTexts } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";
import type { Child } from "./children.ts";

/**
 * What to register for a child.
 *
 * @param owner the component or the release
 * @param urns of the children that are registered already
 */
export function childGoal(
  child: Child,
  owner: PlannedResource,
  urns: ReadonlyMap<Child, Urn>,
): Goal {
  const options = new TransformResourceOptions();
  options.setProvider(owner.provider);
  options.setDependsOnList(child.dependsOn.flatMap((one) => urns.get(one) ?? []));
  if (child.retainOnDelete) options.setRetainOnDelete(true);
  return {
    type: child.type,
    name: child.name,
    custom: true,
    remote: false,
    parent: owner.urn,
    properties: Struct.fromJavaScript(withSecrets(child.inputs, owner.inputs)),
    options,
  };
}

const IDENTITY: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Marks what comes from secret inputs of the owner. A provider loses these marks, so here they are found again: a text that
 * contains a secret one is secret, and everything in a secret manifest is, except what identifies its objects.
 */
function withSecrets(object: Properties, inputs: Properties): Properties {
  const { yaml } = inputs;
  if (yaml !== undefined && isSecret(yaml)) {
    return Object.fromEntries(
      Object.entries(object).map(([key, value]) => [
        key,
        IDENTITY.has(key) ? value : markSecret(value),
      ]),
    );
  }
  const mask = maskOf(inputs);
  if (mask.longest === 0) return object;
  return markTexts(object, (text) => mask.hide(text) !== text);
}

const masks = new WeakMap<Properties, SecretMask>();

/** The mask for the secret inputs of an owner, which may have thousands of them and of children. */
function maskOf(inputs: Properties): SecretMask {
  const known = masks.get(inputs);
  if (known !== undefined) return known;
  const mask = new SecretMask(Object.values(inputs).flatMap((value) => secretTexts(value)));
  masks.set(inputs, mask);
  return mask;
}
