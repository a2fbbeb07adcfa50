import { listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { mostSpecific, wholeHost } from "./hosts.ts";
import {
  ROOT_NAMESPACE,
  isExportedTo,
  namespaceOf,
  oldestFirst,
  placeOf,
  selectsWorkload,
} from "./objects.ts";
import type { Party } from "./request.ts";

/**
 * The DestinationRules that a client applies to a host: those of its own namespace, else those of the service's
 * namespace, else those of the mesh. Of each, only the most specific host counts; rules for the same host are merged,
 * the oldest first.
 *
 * @param serviceNamespace of the service, or of the ServiceEntry
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/model/push_context.go
 */
export function clientRules(
  rules: readonly ClusterObject[],
  client: Party,
  host: string,
  serviceNamespace: string | undefined,
): readonly ClusterObject[] {
  const { namespace = "", labels } = client;
  const usable = oldestFirst(rules).filter((rule) =>
    selectsWorkload(rule, labels, "spec", "workloadSelector", "matchLabels"),
  );
  const inNamespace = (where: string, isSeen: (rule: ClusterObject) => boolean) =>
    mostSpecific(
      usable.filter((rule) => namespaceOf(rule) === where),
      host,
      (rule) => [wholeHost(textAt(rule, "spec", "host") ?? "", namespaceOf(rule))],
    ).filter(isSeen);
  const exported = (rule: ClusterObject) => isExportedTo(rule, namespace);
  const levels = [
    namespace === ROOT_NAMESPACE ? [] : inNamespace(namespace, () => true),
    serviceNamespace === undefined ? [] : inNamespace(serviceNamespace, exported),
    inNamespace(ROOT_NAMESPACE, exported),
  ];
  return levels.find((level) => level.length > 0) ?? [];
}

/** A subset of a service. */
export interface Subset {
  readonly labels: Readonly<Record<string, string>>;
  readonly place: string;
  readonly policy: unknown;
}

/** The subset with a name; undefined if no rule has it. */
export function subsetOf(rules: readonly ClusterObject[], name: string): Subset | undefined {
  for (const rule of rules) {
    const subsets = listAt(rule, "spec", "subsets");
    const index = subsets.findIndex((subset) => textAt(subset, "name") === name);
    if (index < 0) continue;
    return {
      labels: (valueAt(subsets[index], "labels") ?? {}) as Subset["labels"],
      place: placeOf(rule, `spec.subsets[${index}]`),
      policy: valueAt(subsets[index], "trafficPolicy"),
    };
  }
  return undefined;
}

/** The TLS mode that a client is told to use, and the field that says so; undefined if it decides itself. */
export interface ClientMode {
  readonly mode: string;
  readonly place: string;
}

/**
 * The mode of the rules for a port. The settings of a port replace those of the host, and those of a subset override
 * both.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
 */
export function clientModeOf(
  rules: readonly ClusterObject[],
  subset: Subset | undefined,
  port: number,
): ClientMode | undefined {
  const top = rules.find((rule) => valueAt(rule, "spec", "trafficPolicy") !== undefined);
  const policies = [
    { policy: subset?.policy, place: `${subset?.place ?? ""}.trafficPolicy` },
    ...(top === undefined
      ? []
      : [
          {
            policy: valueAt(top, "spec", "trafficPolicy"),
            place: placeOf(top, "spec.trafficPolicy"),
          },
        ]),
  ];
  for (const { policy, place } of policies) {
    const levels = listAt(policy, "portLevelSettings");
    const index = levels.findIndex((level) => numberAt(level, "port", "number") === port);
    const found = index < 0 ? policy : levels[index];
    const mode = textAt(found, "tls", "mode");
    if (valueAt(found, "tls") === undefined) {
      // The settings of a port inherit nothing.
      if (index >= 0) return undefined;
      continue;
    }
    // A tls section without a mode disables TLS.
    const field = index < 0 ? "tls" : `portLevelSettings[${index}].tls`;
    return { mode: mode ?? "DISABLE", place: `${place}.${field}` };
  }
  return undefined;
}
