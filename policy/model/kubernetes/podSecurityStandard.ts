import { demandsOn, nearest } from "./containerSecurity.ts";
import { containersOf } from "./containers.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { isPatch } from "./objects.ts";
import type { Workload } from "./objects.ts";
import type { Finding } from "../../engine/finding.ts";

/** Volume types that do not give access to the node. */
const VOLUMES: readonly string[] = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Kernel parameters that affect only the pod. */
const SYSCTLS: readonly string[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

/** SELinux types that a container may have. */
const SELINUX_TYPES: readonly string[] = [
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];

/** Capabilities that a container may add. */
const CAPABILITIES: readonly string[] = ["NET_BIND_SERVICE"];

/**
 * Settings of a workload's pods that the pod security standard `restricted` does not allow, except the host network,
 * which another rule covers. A patch is judged by the fields that it sets, not by those that it omits.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function* breaksOfRestricted(workload: Workload): Iterable<Finding> {
  const spec = workload.template("spec");
  const ofPod = spec.at("securityContext");
  for (const field of ["hostPID", "hostIPC"]) yield* unlike(spec.at(field), ["false"]);
  for (const volume of listOf(spec.at("volumes"))) yield* volumeBreaks(volume);
  for (const sysctl of listOf(ofPod.at("sysctls"))) {
    yield* unlike(sysctl.at("name"), SYSCTLS);
  }
  yield* unconfined(ofPod);
  const containers = containersOf(workload);
  if (containers instanceof Unknown) {
    yield containers;
    return;
  }
  for (const container of containers) yield* containerBreaks(container, ofPod, isPatch(workload));
}

function* containerBreaks(container: Cursor, ofPod: Cursor, patch: boolean): Iterable<Finding> {
  const own = container.at("securityContext");
  yield* unlike(own.at("privileged"), ["false"]);
  yield* unlike(own.at("procMount"), ["Default"]);
  yield* unconfined(own);
  for (const port of listOf(container.at("ports"))) {
    yield* unlike(port.at("hostPort"), ["0"]);
  }
  for (const capability of listOf(own.at("capabilities", "add"))) {
    yield* unlike(capability, CAPABILITIES);
  }
  yield* zero(nearest(own, ofPod, "runAsUser"));
  const demands = demandsOn(own, ofPod);
  for (const { words, place, met } of demands) {
    if (met instanceof Unknown) yield met;
    else if (met === false) yield refused(place, `Set ${words}`);
  }
  const missing = patch ? [] : demands.filter(({ met }) => met === undefined);
  if (missing.length > 0) {
    const words = missing.map((demand) => demand.words).join(", ");
    yield `${own.path} lacks ${words}, which the restricted pod security standard requires. Set each in the container or, if the field exists there, in the pod's securityContext.`;
  }
}

function* volumeBreaks(volume: Cursor): Iterable<Finding> {
  const kinds = volume.keys();
  if (kinds instanceof Unknown) {
    yield kinds;
    return;
  }
  const given = (kinds ?? []).filter((kind) => volume.at(kind).read() !== undefined);
  for (const kind of given.filter((one) => one !== "name" && !VOLUMES.includes(one))) {
    yield `${volume.at(kind).path} is a volume type that the restricted pod security standard does not allow. Use one of ${VOLUMES.join(", ")}.`;
  }
}

/** Settings that loosen SELinux or AppArmor. */
function* unconfined(context: Cursor): Iterable<Finding> {
  const selinux = context.at("seLinuxOptions");
  yield* unlike(selinux.at("type"), ["", ...SELINUX_TYPES]);
  for (const field of ["user", "role"]) yield* unlike(selinux.at(field), [""]);
  yield* unlike(context.at("appArmorProfile", "type"), ["RuntimeDefault", "Localhost"]);
}

function* zero(user: Cursor): Iterable<Finding> {
  const id = user.text();
  if (id instanceof Unknown) yield id;
  else if (id === "0") yield refused(user, "Set it to another ID, such as 10001");
}

/** A value that is set and not one of the harmless ones. */
function* unlike(place: Cursor, harmless: readonly string[]): Iterable<Finding> {
  const value = place.text();
  if (value instanceof Unknown) yield value;
  else if (value !== undefined && !harmless.includes(value)) yield refused(place, "Remove it");
}

function refused(place: Cursor, fix: string): string {
  const items = place.items();
  const value =
    items === undefined || items instanceof Unknown
      ? written(place)
      : `[${items.map(written).join(", ")}]`;
  return `${place.path} is ${value}, which the restricted pod security standard does not allow. ${fix}.`;
}

function written(place: Cursor): string {
  const text = place.text();
  return typeof text === "string" ? text : "";
}

/** The elements of a list. If they are not known, the list itself, so reading one reports that. */
function listOf(place: Cursor): readonly Cursor[] {
  const items = place.items();
  return items instanceof Unknown ? [place] : (items ?? []);
}
