import type { Cursor } from "../../../engine/cursor.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { itemsOf } from "../../../model/knownParts.ts";

/** The destinations of a VirtualService: its routes and mirrors, for every protocol. */
export function destinationsOf({ at }: KubernetesObject): readonly Cursor[] {
  const routed = ["http", "tcp", "tls"].flatMap((protocol) =>
    itemsOf(at("spec", protocol))
      .flatMap((rule) => itemsOf(rule.at("route")))
      .map((route) => route.at("destination")),
  );
  const mirrored = itemsOf(at("spec", "http")).flatMap((rule) => [
    rule.at("mirror"),
    ...itemsOf(rule.at("mirrors")).map((mirror) => mirror.at("destination")),
  ]);
  return [...routed, ...mirrored];
}
