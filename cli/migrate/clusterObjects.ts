import { manifestOf } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import type { Entry } from "../../migrate/istio/report.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import { LEFTOVER_KINDS, judgeLeftovers } from "../../operate/preflight/leftovers.ts";

/** The kinds of objects in which a migration looks. */
export const MIGRATION_KINDS: readonly KindName[] = [
  ...new Set<KindName>([
    ...LEFTOVER_KINDS,
    ...(["Service", "ConfigMap", "Secret"] as const),
    ...(["apps/StatefulSet", "apps/DaemonSet", "batch/CronJob"] as const),
    "networking.k8s.io/NetworkPolicy",
    ...(["VirtualService", "DestinationRule", "Gateway", "ServiceEntry", "Sidecar"] as const).map(
      (kind) => `networking.istio.io/${kind}` as const,
    ),
    ...(["WorkloadEntry", "WorkloadGroup", "ProxyConfig", "EnvoyFilter"] as const).map(
      (kind) => `networking.istio.io/${kind}` as const,
    ),
    "extensions.istio.io/WasmPlugin",
    "install.istio.io/IstioOperator",
    ...(["PeerAuthentication", "AuthorizationPolicy", "RequestAuthentication"] as const).map(
      (kind) => `security.istio.io/${kind}` as const,
    ),
    "telemetry.istio.io/Telemetry",
    "gateway.networking.k8s.io/Gateway",
    "gateway.networking.k8s.io/HTTPRoute",
    "helm.toolkit.fluxcd.io/HelmRelease",
  ]),
];

/** The objects of a cluster as manifests. Their places are those of no file. */
export function manifestsOf(state: ClusterState): readonly Manifest[] {
  const read = MIGRATION_KINDS.filter((kind) => state.notRead(kind) === undefined);
  const objects = read.flatMap((kind) => state.all(kind));
  // With the add-on, the definitions are its own.
  const hasAddon = objects.some(
    ({ kind, metadata }) => kind === "Deployment" && metadata.namespace === CONTROL_PLANE_NAMESPACE,
  );
  return objects.flatMap((object) => {
    if (hasAddon && object.kind === "CustomResourceDefinition") return [];
    const origin = { file: state.from, at: () => ({ file: state.from, line: 1, column: 1 }) };
    return manifestOf(object, origin) ?? [];
  });
}

/** What `preflight` says of the same objects, with the commands. */
const SAID_BY_PREFLIGHT =
  /^(?:CustomResourceDefinition|MutatingWebhookConfiguration|ValidatingWebhookConfiguration|Namespace) /;

/**
 * The entries about a cluster: without places, with what is left over of the own Istio as `preflight` says it, and with
 * what could not be read.
 */
export function clusterEntries(state: ClusterState, entries: readonly Entry[]): readonly Entry[] {
  const leftovers = judgeLeftovers(state, { reason: "Azure was not asked.", fix: "Ask it." })
    .filter(({ outcome }) => outcome === "failed" || outcome === "warning")
    // Its advice is for a cluster that has the add-on, too.
    .filter(({ subject }) => !subject.startsWith("Deployment "))
    .map(({ subject, message, fix = "", commands = [] }): Entry => ({
      ...{ outcome: "note", subject, place: undefined, field: "" },
      message: `In the same cluster, it must end first. ${message}`,
      fix: [fix, ...commands].join(" "),
    }));
  // Files need not contain Secrets.
  const unread = state.unread(MIGRATION_KINDS).map(({ names, reason, fix }): Entry => ({
    ...{
      outcome: names === "Secret" ? "note" : "blocker",
      subject: names,
      place: undefined,
      field: "",
    },
    message: `${reason} It was not judged.`,
    fix,
  }));
  const others = entries
    .filter(({ after, subject }) => after !== "removed" || !SAID_BY_PREFLIGHT.test(subject))
    .map((entry) => ({ ...entry, place: undefined }));
  return [...unread, ...leftovers, ...others];
}
