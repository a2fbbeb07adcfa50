import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/** A setting that `restricted` requires of every container, in its own security context or in that of its pod. */
export interface Demand {
  /** The setting as a user writes it. */
  readonly words: string;
  readonly place: Cursor;
  /** A value that meets the requirement. */
  readonly value: unknown;
  /** Whether the place meets the requirement; absent if the place is not set. */
  readonly met: Read<boolean>;
}

/** The place that sets a field for a container: its own security context or, by inheritance, that of its pod. */
export function nearest(own: Cursor, ofPod: Cursor, ...path: string[]): Cursor {
  const [place, inherited] = [own.at(...path), ofPod.at(...path)];
  return place.read() === undefined && inherited.read() !== undefined ? inherited : place;
}

/** @param own the security context of a container, which overrides that of its pod */
export function demandsOn(own: Cursor, ofPod: Cursor): readonly Demand[] {
  const drop = own.at("capabilities", "drop");
  const escalation = own.at("allowPrivilegeEscalation");
  const nonRoot = nearest(own, ofPod, "runAsNonRoot");
  const seccomp = nearest(own, ofPod, "seccompProfile", "type");
  return [
    {
      words: "allowPrivilegeEscalation: false",
      place: escalation,
      value: false,
      met: isOneOf(escalation, "false"),
    },
    { words: "capabilities.drop: [ALL]", place: drop, value: ["ALL"], met: includesAll(drop) },
    { words: "runAsNonRoot: true", place: nonRoot, value: true, met: isOneOf(nonRoot, "true") },
    {
      words: "seccompProfile.type: RuntimeDefault",
      place: seccomp,
      value: "RuntimeDefault",
      met: isOneOf(seccomp, "RuntimeDefault", "Localhost"),
    },
  ];
}

/** Whether a container certainly has no root privileges: it runs as another user, and adds no capabilities. */
export function isUnprivileged(own: Cursor, ofPod: Cursor): boolean {
  const user = nearest(own, ofPod, "runAsUser").text();
  const nonRoot = nearest(own, ofPod, "runAsNonRoot").flag();
  const rootless = user === undefined ? nonRoot === true : typeof user === "string" && user !== "0";
  const added = own.at("capabilities", "add").items();
  const given = added instanceof Unknown || (added?.length ?? 0) > 0;
  return rootless && !given && own.at("privileged").read() !== true;
}

function isOneOf(place: Cursor, ...values: string[]): Read<boolean> {
  const value = place.text();
  return typeof value === "string" ? values.includes(value) : value;
}

function includesAll(drop: Cursor): Read<boolean> {
  const items = drop.items();
  if (items === undefined || items instanceof Unknown) return items;
  const dropped = items.map((item) => item.text());
  return dropped.includes("ALL") || (dropped.find((one) => one instanceof Unknown) ?? false);
}
