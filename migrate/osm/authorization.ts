import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Entry, Translation } from "../report.ts";
import { problemsOf } from "./authorizationProblems.ts";
import { grouped } from "./grouped.ts";
import { istioObject, objectName, principalOf } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { requestRuleOf } from "./requestRules.ts";
import { selectorOf } from "./selector.ts";
import type { WorkloadPort } from "./services.ts";
import type { Account, ReadTarget, TrafficTarget } from "./trafficTargets.ts";

/** What to do about a TrafficTarget of whose matches nothing is left. */
const OF_MATCHES = "See what is said about its matches.";

/** A policy for each TrafficTarget and each workload of its destination. Their namespaces deny everything else. */
export function authorizationOf(mesh: OsmMesh, all: readonly ReadTarget[]): Translation {
  if (mesh.isPermissive) {
    const message =
      "OSM does not enforce it in permissive mode, so the new mesh allows everything, too.";
    return {
      objects: [],
      entries: all.map(({ manifest }) => entryOf(manifest, "unneeded", message)),
    };
  }
  const siblings = grouped(
    all.filter((one) => "destination" in one),
    ({ destination }) => principalOf(destination),
  );
  const objects: ClusterObject[] = [];
  const entries: Entry[] = [];
  for (const one of all) {
    if ("ignored" in one) {
      entries.push(entryOf(one.manifest, "unneeded", `OSM ignores it. ${one.ignored}`));
      continue;
    }
    const { policies, entry } = translated(
      one,
      mesh,
      siblings.get(principalOf(one.destination)) ?? [],
    );
    objects.push(...policies);
    entries.push(entry);
  }
  return { objects, entries };
}

function translated(
  target: TrafficTarget,
  mesh: OsmMesh,
  siblings: readonly TrafficTarget[],
): { readonly policies: readonly ClusterObject[]; readonly entry: Entry } {
  const { manifest, destination, matches, remarks } = target;
  const { namespace, name: account } = destination;
  const workloads = mesh.workloads.filter(
    (one) => one.namespace === namespace && one.serviceAccount === account,
  );
  const problems = problemsOf(target, workloads, mesh);
  const policies = workloads.flatMap((workload) => {
    const selector = selectorOf(workload, mesh);
    if ("conflict" in selector) return [];
    const rules = rulesFor(target, mesh.ports.get(workload) ?? [], siblings);
    if (rules.length === 0) return [];
    const own = workloads.length === 1 ? [] : [workload.manifest.name ?? ""];
    return [
      istioObject("AuthorizationPolicy", namespace, objectName(manifest.name ?? "", ...own), {
        selector: { matchLabels: selector.labels },
        action: "ALLOW",
        rules,
      }),
    ];
  });
  const fates = matches.map((match) => ({ match, rule: requestRuleOf(match) }));
  const lost = fates.filter(({ rule }) => typeof rule === "string");
  const narrower = fates.filter(({ rule }) => typeof rule === "object" && rule.isNarrower);
  const differences = [
    ...lost.map(({ match }) => `It refuses what the match ${match.name} allowed.`),
    ...narrower.map(({ match }) => `It allows less than the match ${match.name}: see there.`),
  ];
  const isNothing = policies.length === 0;
  const isSame = problems.length + differences.length === 0;
  const same = isNothing ? nothingBy(target) : "It allows the same requests.";
  const said = [
    ...problems.map(({ why }) => why),
    ...differences,
    ...(isSame ? [same] : []),
    ...remarks,
  ];
  const rest = isNothing ? "unneeded" : isSame ? "translated" : "approximated";
  const mustAct = problems.length > 0 || (isNothing && lost.length > 0);
  const fate = mustAct ? "untranslated" : rest;
  const solutions = problems.map(({ fix }) => fix);
  const fixes = [...new Set(solutions)].join(" ") || (mustAct ? OF_MATCHES : "");
  const entry = entryOf(manifest, fate, said.join(" "), {
    becomes: policies,
    ...(fixes === "" ? {} : { fix: fixes }),
  });
  return { policies, entry };
}

/** Why OSM lets no request through because of a TrafficTarget, as a sentence. */
function nothingBy({ sources, matches, ports }: TrafficTarget): string {
  if (sources.length === 0) return "It has no sources, so OSM lets nobody through either.";
  if (matches.length > 0) return "OSM lets its sources connect to none of the HTTP ports either.";
  if (ports === undefined) return "It allows no HTTP request, and OSM reads all ports as HTTP.";
  const which = ports.length === 1 ? "port" : "ports";
  return `It allows no HTTP request, and OSM reads the ${which} ${ports.join(" and ")} as HTTP. If that is wrong, set appProtocol: tcp in the Services, and run this again.`;
}

/**
 * The rules for pods with some ports.
 *
 * @param targets all that have the same destination: OSM first compares the sender and the port of a connection with all of them
 *   together, and on ports that are HTTP then the request with the matches
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/envoy/lds/rbac.go
 */
function rulesFor(
  { sources, matches, ports }: TrafficTarget,
  open: readonly WorkloadPort[],
  targets: readonly TrafficTarget[],
): readonly object[] {
  const numbers = (protocol: string) =>
    open.filter((one) => one.protocol === protocol).map(({ number }) => number);
  const http = numbers("HTTP");
  const tcp = numbers("TCP").filter(
    (number) => !http.includes(number) && (ports ?? [number]).includes(number),
  );
  const from = (accounts: readonly Account[]) => [
    { source: { principals: [...new Set(accounts.map(principalOf))] } },
  ];
  const ofConnections =
    tcp.length === 0 || sources.length === 0
      ? []
      : [{ from: from(sources), to: [{ operation: { ports: tcp.map(String) } }] }];
  const ofRequests = [...connecting(sources, http, targets)].flatMap(([key, accounts]) =>
    matches.flatMap((match) => {
      const rule = requestRuleOf(match);
      if (typeof rule === "string") return [];
      const to = [{ operation: { ports: key.split(","), ...rule.operation } }];
      return [{ from: from(accounts), to, ...(rule.when.length === 0 ? {} : { when: rule.when }) }];
    }),
  );
  return [...ofRequests, ...ofConnections];
}

/** The sources by the HTTP ports to which OSM lets them connect, as text. Those that may not connect are left out. */
function connecting(
  sources: readonly Account[],
  http: readonly number[],
  targets: readonly TrafficTarget[],
): ReadonlyMap<string, readonly Account[]> {
  const byPorts = new Map<string, Account[]>();
  for (const source of sources) {
    const own = targets.filter((target) =>
      target.sources.some((one) => principalOf(one) === principalOf(source)),
    );
    const ports = http.filter((port) =>
      own.some((target) => (target.ports ?? [port]).includes(port)),
    );
    if (ports.length === 0) continue;
    byPorts.set(ports.join(","), [...(byPorts.get(ports.join(",")) ?? []), source]);
  }
  return byPorts;
}
